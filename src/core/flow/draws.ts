/**
 * Uniforms, exponentials and normals of one stream, drawn in blocks: the single draw in a hot loop is then an
 * array read.
 *
 * A number that a function returns without being inlined is boxed on the heap by V8; the ziggurat is too
 * large to be inlined everywhere, an array read is not. Blocks also let the generator's state stay in
 * registers.
 */
import { baseOf, isTwin, turnExponentials, turnNormals, turnUniforms } from '../rng/antithetic.js';
import type { Stream } from '../rng/stream.js';

const BLOCK = 256;

export class Draws {
  declare private readonly stream: Stream;
  private readonly uniforms = new Float64Array(BLOCK);
  /** The present block; exponentialIndex() tells which is next. */
  readonly exponentials = new Float64Array(BLOCK);
  /** As `exponentials`, with normalIndex(). */
  readonly normals = new Float64Array(BLOCK);
  private uniformsUsed = BLOCK;
  private exponentialsUsed = BLOCK;
  private normalsUsed = BLOCK;
  /** Whether draws are those of an antithetic twin. */
  private turned = false;

  constructor(stream: Stream) {
    this.stream = stream;
  }

  /** Goes to the start of another stream; see Stream.key. A unit below 0 is an antithetic twin. */
  key(seed: number, unit: number, name: number): void {
    this.stream.key(seed, baseOf(unit), name);
    this.turned = isTwin(unit);
    this.uniformsUsed = BLOCK;
    this.exponentialsUsed = BLOCK;
    this.normalsUsed = BLOCK;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    if (this.uniformsUsed === BLOCK) this.refillUniforms();
    return this.uniforms[this.uniformsUsed++];
  }

  /** Index in `exponentials` of the next standard exponential, above 0: an integer is never boxed. */
  exponentialIndex(): number {
    if (this.exponentialsUsed === BLOCK) this.refillExponentials();
    return this.exponentialsUsed++;
  }

  /** Index in `normals` of the next standard normal. */
  normalIndex(): number {
    if (this.normalsUsed === BLOCK) this.refillNormals();
    return this.normalsUsed++;
  }

  private refillUniforms(): void {
    this.stream.fillUniforms(this.uniforms, BLOCK);
    if (this.turned) turnUniforms(this.uniforms, BLOCK);
    this.uniformsUsed = 0;
  }

  private refillExponentials(): void {
    this.stream.fillExponentials(this.exponentials, BLOCK);
    if (this.turned) turnExponentials(this.exponentials, BLOCK);
    this.exponentialsUsed = 0;
  }

  private refillNormals(): void {
    this.stream.fillNormals(this.normals, BLOCK);
    if (this.turned) turnNormals(this.normals, BLOCK);
    this.normalsUsed = 0;
  }
}
