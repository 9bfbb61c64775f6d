/** What the fuzzer asks of a decoder: inputs by number, and what may be thrown at them. */
import { MmsError, type ProblemCode } from '../../src/contract/problem.js';
import type { Random } from './random.js';

export interface Decoder {
  readonly name: string;
  /** What is decoded, for the table that `make fuzz` prints. */
  readonly about: string;
  /** Inputs of a whole run. */
  readonly inputs: number;
  /** The input that `random` stands for; the same bytes for the same random. */
  draw(random: Random): Uint8Array;
  /** Decodes, and checks what came out against what the decoder promises. Throws or rejects otherwise. */
  decode(bytes: Uint8Array): unknown;
  /** A refusal is what the decoder may throw; anything else is a finding. */
  isRefusal(error: unknown): boolean;
}

/** A promise that an accepted value broke. */
export class Broken extends Error {
  override name = 'Broken';
}

export function refusesWith(...codes: readonly ProblemCode[]): (error: unknown) => boolean {
  return (error) => error instanceof MmsError && codes.includes(error.problem.code);
}

const text = new TextEncoder();
export const bytesOf = (value: string): Uint8Array => text.encode(value);

/** Of so many inputs one is drawn large: up to a mebibyte. */
export const LARGE_SHARE = 5e-4;
