/** Order flow that reacts to queue sizes: the spec and the thread side. */
import { queueReactiveFlow, type QueueReactiveRates } from '../../../../core/flow/queue-reactive-flow.js';
import { openFlowMarket, type FlowFields } from '../flow-market.js';
import type { OpenMarket } from '../stage.js';

export interface QueueReactiveSpec extends FlowFields, QueueReactiveRates {
  readonly type: 'queue-reactive';
}

export const openQueueReactive: OpenMarket<QueueReactiveSpec> = (market, task) =>
  openFlowMarket(market, () => queueReactiveFlow(market), task);
