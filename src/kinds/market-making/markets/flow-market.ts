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
 * The market of the last chunk. Its start() forgets all that was, so that the next chunk of the same market
 * and rules takes it over: building one costs more than a short run.
 */
let kept: { readonly key: string; readonly market: GeneratedMarket } | null = null;

/** `createFlow` is called only where the market has to be built. */
export function openFlowMarket(
  fields: FlowFields,
  createFlow: () => OrderFlowFactory,
  { spec, seed, control }: ChunkTask<Spec>,
): (unit: number) => Stage | null {
  const { startMidTicks, warmupS } = fields;
  const endNs = Math.round(fields.durationS * 1e9);
  const rules = toRules(spec.rules, endNs);
  const key = JSON.stringify([fields, rules]);
  if (kept?.key !== key) {
    const options = { flow: createFlow(), startMidTicks, warmupS };
    kept = { key, market: rules ? new PhasedMarket(options, rules) : new GeneratedMarket(options) };
  }
  const { market } = kept;
  const phased = market instanceof PhasedMarket ? market : null;
  return (unit) => {
    const isReady = phased
      ? phased.start(seed, unit, control, unit === 0 ? MAX_PHASE_ROWS : 0)
      : market.start(seed, unit, control);
    return isReady ? { market, endNs, log: phased?.log ?? null } : null;
  };
}
