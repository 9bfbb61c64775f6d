/** What a planted bug is. */

export interface Mutant {
  readonly name: string;
  /** What it breaks, as one line. */
  readonly breaks: string;
  /** Below src. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly put: string;
}

export const mutant = (name: string, breaks: string, file: string, find: string, put: string): Mutant => ({
  name,
  breaks,
  file: `${file}.ts`,
  find,
  put,
});
