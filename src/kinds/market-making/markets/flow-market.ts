/** The thread side that all markets made by an order-flow model share. */
import type { ChunkTask } from '../../../contract/kind.js';
import type { OrderFlowFactory } from '../../../core/flow/order-flow.js';
import { GeneratedMarket } from '../../../core/sim/generated-market.js';
import { MAX_PHASE_ROWS } from '../../../core/sim/phase-log.js';
import { PhasedMarket } from '../../../core/sim/phased-market.js';
import { toRules } from '../rules.js';
import type { Spec } from '../spec.js';
import type { Stage } from './stage.js';

/** Fields of every market with an order flow, whatever its model. */
export interface FlowFields {
  readonly durationS: number;
  readonly warmupS: number;
  readonly startMidTicks: number;
}

/**
 * The market of the last chunk. Its start() forgets all that was, so that the next chunk of the same flow
 * and rules takes it over: building one costs more than a short run.
 */
let kept: { readonly of: unknown; readonly market: GeneratedMarket } | null = null;

/** `createFlow` is called only where the market has to be built. */
export function openFlowMarket(
  fields: FlowFields,
  createFlow: () => OrderFlowFactory,
  { spec, seed, control }: ChunkTask<Spec>,
): (unit: number) => Stage | null {
  const { durationS, warmupS, ...model } = fields;
  const endNs = Math.round(durationS * 1e9);
  const rules = toRules(spec.rules, endNs);
  const of = { model, rules };
  if (kept === null || !isSame(kept.of, of)) {
    const options = { flow: createFlow(), startMidTicks: fields.startMidTicks, warmupS };
    kept = { of, market: rules ? new PhasedMarket(options, rules) : new GeneratedMarket(options) };
  }
  const { market } = kept;
  market.warmupS = warmupS;
  const phased = market instanceof PhasedMarket ? market : null;
  return (unit) => {
    const isReady = phased
      ? phased.start(seed, unit, control, unit === 0 ? MAX_PHASE_ROWS : 0)
      : market.start(seed, unit, control);
    return isReady ? { market, endNs, log: phased?.log ?? null } : null;
  };
}

/** Whether two values of a spec say the same. Comparing JSON took a seventh of the set-up. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return true;
}
