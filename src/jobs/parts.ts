/** What the hall stands on; main.ts gives the real parts, a test its own. */
import type * as Ports from '../contract/ports.js';
import type { RetentionRules } from '../contract/retention.js';
import type { Later } from './deadlines.js';
import type { Limits } from './limits.js';
import type { ReproduceLine } from './views.js';

export interface HallParts {
  readonly kinds: Ports.Kinds;
  readonly store: Ports.JobStore;
  readonly cache: Ports.ResultCache;
  readonly transport: Ports.ChunkTransport;
  readonly reader: Ports.InputReader;
  readonly clock: Ports.Clock;
  readonly meter: Ports.Meter;
  /** Default: nobody reads along. */
  readonly journal?: Ports.Journal;
  /** ULIDs: 26 characters. */
  readonly newId: () => string;
  readonly engineVersion: string;
  readonly limits: Limits;
  /** Default: `mms run KIND --seed N --spec 'JSON'`. */
  readonly reproduceLine?: ReproduceLine;
  /** Default: ended jobs stay for ever. */
  readonly retain?: RetentionRules;
  /** Default: timers of the process. */
  readonly later?: Later;
}
