/** A row of the fault matrix: what is done to real processes, and what their user must see. */
import type { Lab } from './lab.js';

export interface Row {
  /** R1..R24 of the matrix, or a name. */
  readonly id: string;
  readonly fault: string;
  readonly mustSee: string;
  /** Why this machine cannot do it, naming what to install; null when it can. */
  missing?(): string | null;
  /** Resolves with what was seen; throws when it was not what must be seen. */
  run(lab: Lab): Promise<string>;
}
