/** A TCP proxy between node and router that delays, throttles, holds, resets, or changes what passes. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Lab } from './lab.js';
import { PieceReader, type Piece } from './zmtp.js';

export type Direction = 'toRouter' | 'toNode';

export interface Proxy {
  /** What a node connects to. */
  readonly address: string;
  /** Each byte is passed on so much later. */
  delayMs: number;
  bytesPerS: number;
  /** What passes instead of a message; greetings and commands always pass. Null passes bytes as they come. */
  change: ((direction: Direction, piece: Piece) => readonly Buffer[]) | null;
  /** Every connection breaks, wherever in a frame it is. */
  reset(): void;
  /** Bytes that were passed on. */
  passed(): number;
}

export async function openProxy(lab: Lab, target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const links = new Set<Socket>();
  let passed = 0;
  const server = createServer((node) => {
    const router = connect(Number(port), hostname);
    for (const socket of [node, router]) {
      links.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        links.delete(socket);
        node.destroy();
        router.destroy();
      });
    }
    relay('toRouter', node, router);
    relay('toNode', router, node);
  });
  const relay = (direction: Direction, from: Socket, to: Socket): void => {
    const reader = new PieceReader();
    let freeMs = 0;
    from.on('data', (chunk: Buffer) => {
      for (const bytes of changed(direction, reader, chunk)) {
        const nowMs = performance.now();
        freeMs = Math.max(freeMs, nowMs + proxy.delayMs) + (1000 * bytes.length) / proxy.bytesPerS;
        const send = (): void => {
          passed += bytes.length;
          if (to.writable) to.write(bytes);
        };
        if (freeMs <= nowMs) send();
        else setTimeout(send, freeMs - nowMs);
      }
    });
  };
  const changed = (direction: Direction, reader: PieceReader, chunk: Buffer): readonly Buffer[] => {
    if (!proxy.change) return proxy.bytesPerS === Infinity ? [chunk] : slices(chunk);
    const { change } = proxy;
    return reader
      .push(chunk)
      .flatMap((piece) => (piece.what === 'message' ? change(direction, piece) : [piece.bytes]));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: Proxy = {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delayMs: 0,
    bytesPerS: Infinity,
    change: null,
    reset: () => links.forEach((socket) => socket.resetAndDestroy()),
    passed: () => passed,
  };
  lab.atEnd(() => {
    links.forEach((socket) => socket.destroy());
    server.close();
  });
  return proxy;
}

/** A slow line passes little at a time, not a whole chunk at its end. */
function slices(chunk: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < chunk.length; at += 512) parts.push(chunk.subarray(at, at + 512));
  return parts;
}
