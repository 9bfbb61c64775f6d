/** A LOBSTER file pair: the submitting side. */
import { Type } from 'typebox';
import type { InputData } from '../../../../contract/kind.js';
import { NIL } from '../../../../core/sim/market.js';
import { readReplayFeed, tickE4Of } from '../../../../core/sim/replay-feed.js';
import { noRuleFaults, type Fault } from '../../rule-faults.js';
import { closed } from '../../schema-parts.js';
import { isDrawn } from '../../latency.js';
import { countRuns, type Spec } from '../../spec.js';
import type { MarketModel } from '../model.js';
import type { ReplaySpec } from './open.js';

/** Events of a LOBSTER day are not known before the file is read; a busy level-10 day has about so many. */
const REPLAY_EVENTS = 1_000_000;
const NS_PER_EVENT = 150;
const THREAD_BYTES = 56e6;

const path = (what: string) => Type.String({ minLength: 1, maxLength: 1_000, description: what });

const schema = Type.Object(
  {
    type: Type.Literal('replay'),
    messages: path('LOBSTER message file, csv or csv.gz'),
    orderbook: path('LOBSTER orderbook file of the same rows, csv or csv.gz'),
  },
  closed,
);

export const replay: MarketModel<ReplaySpec> = {
  schema,
  examples: [],
  load: () => ({
    steps: REPLAY_EVENTS,
    seconds: 0,
    threadBytes: THREAD_BYTES,
    nsPerStep: NS_PER_EVENT,
  }),
  faults(spec) {
    const found: Fault[] = [];
    const fault = (pointer: string, message: string) => found.push({ pointer, message });
    if (countRuns(spec) !== 1 && !isDrawn(spec.latency)) {
      const why = 'a replay with constant latencies has nothing random, so every run is the same';
      fault('/runs', `Expected 1: ${why}; got ${spec.runs}.`);
    }
    if (spec.instrument.lotSize !== 1) {
      fault('/instrument/lotSize', `Expected 1: LOBSTER sizes are shares; got ${spec.instrument.lotSize}.`);
    }
    return [...found, ...noRuleFaults(spec.rules, 'a replay repeats a market whose rules are in its files')];
  },
  inputs({ messages, orderbook }) {
    const pointers = { messages: '/market/messages', orderbook: '/market/orderbook' };
    return [{ name: 'feed', importer: 'lobster', files: { messages, orderbook }, pointers }];
  },
  inputFaults,
};

/** What only the files of a replay can tell: their prices must be whole ticks. */
function inputFaults({ instrument }: Spec, inputs: Readonly<Record<string, InputData>>): Fault[] {
  const data = inputs['feed'];
  if (!data) return [];
  const feed = readReplayFeed(data.tables);
  if (tickE4Of(feed, instrument.tickSize) !== NIL) return [];
  const largest = feed.gridE4 / 10_000;
  const message = `Expected a tick that divides every price of the file, ${largest} at most; got ${instrument.tickSize}.`;
  return [{ pointer: '/instrument/tickSize', message }];
}
