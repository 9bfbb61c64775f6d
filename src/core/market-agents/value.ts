/**
 * Value agents: each looks at the fundamental value through noise, filters what it saw, trades towards it.
 *
 * The agent's estimate is the Kalman filter of an Ornstein-Uhlenbeck value seen with noise: over the time
 * since its last look, mean and variance move by the exact step of the process (fundamental.ts); the new look
 * enters with weight P / (P + R). Its order follows ABIDES' ValueAgent: it buys if the estimate is at or
 * above the mid, else it sells; with the probability `valueTakingShare` at the best opposite price, else
 * uniformly 0 .. 2 spreads - 1 ticks short of it, so that it takes, betters the best price, joins it or
 * queues behind it. Its last order is taken out first. ABIDES' own filter weighs the newest look almost fully
 * and looks ahead to the close; this one is the exact filter and believes in the present value.
 * Draws per wake: two normals (value, noise), two uniforms, one size, whatever the market does.
 */
import * as codes from '../book/codes.js';
import type { Draws } from '../flow/draws.js';
import type { OrderSize } from '../flow/order-size.js';
import type { AgentSpec } from './agent-spec.js';
import { ouStep, type Fundamental, type OuStep } from './fundamental.js';
import type { OrderDesk } from './order-desk.js';

const { BUY, NIL, SELL } = codes;
/** Spreads within which a value agent's order lies. */
const WITHIN_SPREADS = 2;

export class ValueAgents {
  readonly slots = 1;
  declare private readonly spec: AgentSpec;
  declare private readonly desk: OrderDesk;
  declare private readonly draws: Draws;
  declare private readonly size: OrderSize;
  declare private readonly fundamental: Fundamental;
  declare private readonly clock: Float64Array;
  /** Of each agent its estimate [ticks], the variance it gives it [ticks^2], and when it last looked [ns]. */
  declare readonly beliefs: Float64Array;
  private readonly step: OuStep = { phi: 1.5, variance: 0.5 };

  /** `clock[0]` is the present time in ns. */
  constructor(
    spec: AgentSpec,
    desk: OrderDesk,
    draws: Draws,
    size: OrderSize,
    fundamental: Fundamental,
    clock: Float64Array,
  ) {
    this.spec = spec;
    this.desk = desk;
    this.draws = draws;
    this.size = size;
    this.fundamental = fundamental;
    this.clock = clock;
    this.beliefs = new Float64Array(3 * spec.valueAgents);
  }

  /** Every agent knows the value at time 0. */
  start(): void {
    for (let at = 0; at < this.beliefs.length; at += 3) {
      this.beliefs[at] = this.fundamental.valueTicks[0];
      this.beliefs[at + 1] = this.beliefs[at + 2] = 0;
    }
  }

  shift(byNs: number): void {
    for (let at = 2; at < this.beliefs.length; at += 3) this.beliefs[at] += byNs;
  }

  /** Agent k, whose order stands in `slot`, wakes. */
  act(k: number, slot: number): void {
    const { desk, draws } = this;
    this.look(3 * k);
    const takes = draws.uniform() < this.spec.valueTakingShare;
    const distance = draws.uniform();
    const lots = this.size.draw(draws);
    desk.cancel(slot);
    const estimateTicks = this.beliefs[3 * k];
    const side = 2 * estimateTicks >= desk.midHalfTicks ? BUY : SELL;
    const { bidTicks, askTicks } = desk;
    if (bidTicks === NIL || askTicks === NIL) {
      // Nothing to compare with on one side: the order stands at what the agent believes, without trading.
      const opposite = side === BUY ? askTicks : bidTicks;
      const own = side === BUY ? Math.floor(estimateTicks) : Math.ceil(estimateTicks);
      desk.place(slot, side, opposite === NIL ? own : opposite, lots);
      return;
    }
    const short = takes ? 0 : Math.floor(distance * WITHIN_SPREADS * (askTicks - bidTicks));
    desk.place(slot, side, side === BUY ? askTicks - short : bidTicks + short, lots);
  }

  /** Looks at the value now and filters it into the belief at `at`. */
  private look(at: number): void {
    const { beliefs, draws, fundamental, spec, step } = this;
    const tNs = this.clock[0];
    fundamental.advance(tNs, draws.normals[draws.normalIndex()]);
    const noise = spec.valueNoiseTicks;
    const seen = fundamental.valueTicks[0] + noise * draws.normals[draws.normalIndex()];
    const { fundamentalSigmaTicksPerSqrtS: sigma, fundamentalReversionPerS: kappa } = spec;
    ouStep(sigma, kappa, (tNs - beliefs[at + 2]) * 1e-9, step);
    const mean = fundamental.meanTicks;
    const expected = mean + (beliefs[at] - mean) * step.phi;
    const variance = beliefs[at + 1] * step.phi * step.phi + step.variance;
    const total = variance + noise * noise;
    const weight = total > 0 ? variance / total : 1;
    beliefs[at] = expected + weight * (seen - expected);
    beliefs[at + 1] = variance * (1 - weight);
    beliefs[at + 2] = tNs;
  }
}
