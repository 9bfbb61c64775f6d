/** Cartea, Jaimungal & Penalva with a running inventory penalty: the spec and the thread side. */
import { cjpLadder, cjpQuotes, type CjpModel } from '../../../../core/agent/cartea-jaimungal-penalva.js';
import { LadderQuoter } from '../../../../core/agent/ladder-quoter.js';
import { quotesAtLimit } from '../ladder-size.js';

export interface CarteaJaimungalPenalvaSpec {
  readonly type: 'cartea-jaimungal-penalva';
  readonly lambda: number;
  readonly kappa: number;
  readonly phi: number;
  readonly terminalAlpha: number;
  readonly horizonS: number;
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

export function createCarteaJaimungalPenalva(strategy: CarteaJaimungalPenalvaSpec): LadderQuoter {
  const model: CjpModel = strategy;
  const ladder = cjpLadder(model, quotesAtLimit(strategy));
  const { horizonS, quoteLots } = strategy;
  return new LadderQuoter(ladder, (at, q, out) => cjpQuotes(model, at, q, out), horizonS, quoteLots);
}
