/** A market of agents: the spec and the thread side. */
import { agentFlow } from '../../../../core/market-agents/agent-flow.js';
import type { AgentSpec } from '../../../../core/market-agents/agent-spec.js';
import { openFlowMarket, type FlowFields } from '../flow-market.js';
import type { OpenMarket } from '../stage.js';

export interface AgentsSpec extends FlowFields, AgentSpec {
  readonly type: 'agents';
}

export const openAgents: OpenMarket<AgentsSpec> = (market, task) =>
  openFlowMarket(market, () => agentFlow(market), task);
