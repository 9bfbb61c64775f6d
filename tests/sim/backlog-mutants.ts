/** Planted bugs of the router's backlog. */
import { mutant } from './mutant.js';
import type { Mutant } from './mutant.js';

const BACKLOG = 'router/backlog';

export const BACKLOG_MUTANTS: readonly Mutant[] = [
  mutant(
    'low-priority-first',
    'lower priorities get more than higher ones',
    BACKLOG,
    'return 2 ** priority;',
    'return 2 ** -priority;',
  ),
  mutant(
    'priorities-equal',
    'a priority is charged without its weight',
    BACKLOG,
    'band.givenNs += costNs / band.weight;',
    'band.givenNs += costNs;',
  ),
  mutant(
    'high-priority-only',
    'a low priority waits until no higher one does',
    BACKLOG,
    'if (endNs >= bestNs) continue;',
    'if (best) continue;',
  ),
  mutant(
    'clients-undivided',
    'who has more jobs gets more',
    BACKLOG,
    'this.#clockNs), name)',
    'this.#clockNs), jobId)',
  ),
  mutant(
    'cost-ignored',
    'clients take turns by the number of chunks, whatever they cost',
    BACKLOG,
    'return Math.max(1, costNs);',
    'return Math.max(1, 0 * costNs);',
  ),
  mutant(
    'newcomer-owed',
    'a client that comes late is owed what the others had before',
    BACKLOG,
    'givenNs: band.clockNs, turns',
    'givenNs: 0, turns',
  ),
  mutant(
    'no-turns',
    'a job is emptied before the next of its priority begins',
    BACKLOG,
    'client.turns.push(queue);\n    else',
    'client.turns.splice(client.head, 0, queue);\n    else',
  ),
  mutant(
    'requeued-uncounted',
    'work that waits again is not counted',
    BACKLOG,
    'else queue.chunks.unshift(chunk);\n    this.#size++;',
    'else queue.chunks.unshift(chunk);',
  ),
];
