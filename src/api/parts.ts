/** What the HTTP side is given: the ports and parts that main.ts ties to it. */
import type { Books, Hall, Kinds, NodeView } from '../contract/ports.js';
import type { Markets } from '../data/markets.js';
import type { Keyring } from '../ops/keyring.js';
import type { Health } from '../ops/health.js';
import type { Log } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import type { Config } from '../ops/settings.js';

export interface ServerParts {
  readonly hall: Hall;
  readonly kinds: Kinds;
  readonly books: Books;
  readonly nodes: () => readonly NodeView[];
  readonly config: Config;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Who may come in; without a file of keys, everybody. */
  readonly keyring: Keyring;
  readonly markets: Markets;
  readonly log: Log;
  readonly engineVersion: string;
}
