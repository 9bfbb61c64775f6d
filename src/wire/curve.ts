/**
 * CURVE keys of the ZeroMQ link and the socket options made of them. Keys are written as 64 hexadecimal
 * digits, which need no quotes in a shell or in YAML; ZeroMQ takes them as Z85 (rfc.zeromq.org/spec/32).
 */
import { generateKeyPairSync } from 'node:crypto';
import { MAX_FRAME_BYTES } from './messages.js';

/** A Curve25519 key pair, each key 32 bytes as 64 lower-case hexadecimal digits. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** What a node shows and expects: its own pair, and the public key that the router must prove to own. */
export interface NodeKeys {
  readonly pair: KeyPair;
  readonly serverKey: string;
}

/** Domain of the router's requests for admission; a router without an answering gate admits nobody. */
const ZAP_DOMAIN = 'mms';
/** A frame inside CURVE is longer by name, nonce, authenticator and flags: 33 bytes. */
const CURVE_FRAME_BYTES = 33;
const maxMessageSize = MAX_FRAME_BYTES + CURVE_FRAME_BYTES;

/** A new random pair. */
export function newKeyPair(): KeyPair {
  const { x, d } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const hex = (base64: string): string => Buffer.from(base64, 'base64url').toString('hex');
  return { publicKey: hex(x!), secretKey: hex(d!) };
}

export function isKey(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** Options of a router that speaks CURVE only, and only with those whom the gate of its context admits. */
export function serverOptions({ secretKey }: KeyPair) {
  return {
    curveServer: true,
    curveSecretKey: toZ85(secretKey),
    zapDomain: ZAP_DOMAIN,
    zapEnforceDomain: true,
    maxMessageSize,
  } as const;
}

export function clientOptions({ pair, serverKey }: NodeKeys) {
  return {
    curvePublicKey: toZ85(pair.publicKey),
    curveSecretKey: toZ85(pair.secretKey),
    curveServerKey: toZ85(serverKey),
    maxMessageSize,
  } as const;
}

const Z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Four bytes, most significant first, become five digits of base 85. `hex` holds a multiple of 4 bytes. */
export function toZ85(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.readUInt32BE(at);
    for (let power = 85 ** 4; power >= 1; power /= 85) text += Z85[Math.floor(word / power) % 85];
  }
  return text;
}
