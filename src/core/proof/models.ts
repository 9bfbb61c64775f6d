/**
 * Everything that the checks judge, in one object: the functions that simulations use, replaceable in tests.
 */
import * as execution from '../agent/almgren-chriss.js';
import { reservationPrice, totalSpread } from '../agent/avellaneda-stoikov.js';
import * as cjp from '../agent/cartea-jaimungal-penalva.js';
import * as glft from '../agent/glft.js';
import { aggregateBars } from '../bars/sessions.js';
import { Book } from '../book/book.js';
import type { BookOptions, OrderBook, TradeSink } from '../book/types.js';
import { fitHawkes } from '../fit/hawkes.js';
import { componentLikelihood, type ComponentLikelihood } from '../fit/hawkes-likelihood.js';
import { halfLifeOf, fitOrnsteinUhlenbeck } from '../fit/ornstein-uhlenbeck.js';
import { engleGranger } from '../fit/pairs/cointegration.js';
import { fitLine, fitTotalLine, KalmanLine, type KalmanOptions } from '../fit/pairs/hedge-ratio.js';
import { leadLag } from '../fit/pairs/lead-lag.js';
import { criticalValues } from '../fit/pairs/mackinnon.js';
import { testUnitRoot } from '../fit/pairs/unit-root.js';
import { findRegimes } from '../fit/regime.js';
import { changeCovariance, rollSpread } from '../fit/roll-spread.js';
import type { Draws } from '../flow/draws.js';
import { HawkesProcess } from '../flow/hawkes-process.js';
import { UnivariateHawkesProcess } from '../flow/hawkes-univariate-process.js';
import { PoissonFlow, type FlowRates } from '../flow/poisson-flow.js';
import { zeroIntelligenceRates } from '../flow/zero-intelligence.js';
import type { Ledger } from '../ledger/ledger.js';
import { ouStep } from '../market-agents/fundamental.js';
import { cycleTime, optimalBands } from '../pairs/bertram.js';
import { barrierPrice } from '../price/closed-form/barrier.js';
import { geometricAsianPrice } from '../price/closed-form/asian.js';
import { blackScholesPrice } from '../price/closed-form/black-scholes.js';
import { gbmMoments } from '../price/closed-form/gbm-moments.js';
import { hestonPrice } from '../price/closed-form/heston.js';
import { fixedLookbackPrice } from '../price/closed-form/lookback.js';
import { mertonLogMoments, mertonPrice } from '../price/closed-form/merton.js';
import * as chain from '../price/markov-chain.js';
import type { NormalSource } from '../price/normal-source.js';
import { gbm } from '../price/processes/brownian.js';
import { heston } from '../price/processes/heston.js';
import { merton } from '../price/processes/merton.js';
import { regimeSwitching } from '../price/processes/regime-switching.js';
import { SobolNormals, type SobolOptions } from '../price/qmc/sobol-normals.js';
import { linearFillProbability, type FillProbability } from '../sim/intensity-market.js';
import * as information from './information.js';
import * as queues from './queue-race.js';

type QueueTable = (rates: queues.QueueRates, size: number) => Float64Array;

export interface Models {
  readonly reservationPrice: typeof reservationPrice;
  readonly totalSpread: typeof totalSpread;
  readonly fillProbability: FillProbability;
  readonly oddsOfRise: QueueTable;
  readonly oddsOfExecution: QueueTable;
  readonly oddsOfMakingSpread: QueueTable;
  readonly growthOdds: typeof queues.growthOdds;
  readonly printedExecutionTable: typeof queues.printedExecutionTable;
  readonly glftLadder: typeof glft.glftLadder;
  readonly glftExact: typeof glft.glftExact;
  readonly glftAsymptotic: typeof glft.glftAsymptotic;
  readonly cjpLadder: typeof cjp.cjpLadder;
  readonly cjpValue: typeof cjp.cjpValue;
  readonly cjpQuotes: typeof cjp.cjpQuotes;
  readonly zeroIntelligence: typeof zeroIntelligenceRates;
  readonly hawkesLikelihood: ComponentLikelihood;
  readonly createHawkes: (...law: ConstructorParameters<typeof HawkesProcess>) => HawkesProcess;
  readonly createUnivariateHawkes: (
    ...law: ConstructorParameters<typeof UnivariateHawkesProcess>
  ) => UnivariateHawkesProcess;
  readonly fitHawkes: typeof fitHawkes;
  readonly findRegimes: typeof findRegimes;
  readonly blackScholesPrice: typeof blackScholesPrice;
  readonly mertonPrice: typeof mertonPrice;
  readonly mertonLogMoments: typeof mertonLogMoments;
  readonly hestonPrice: typeof hestonPrice;
  readonly gbmMoments: typeof gbmMoments;
  readonly fixedLookbackPrice: typeof fixedLookbackPrice;
  readonly barrierPrice: typeof barrierPrice;
  readonly geometricAsianPrice: typeof geometricAsianPrice;
  readonly gbm: typeof gbm;
  readonly merton: typeof merton;
  readonly heston: typeof heston;
  readonly sobolNormals: (options: SobolOptions) => NormalSource;
  readonly ouStep: typeof ouStep;
  readonly halfLifeOf: typeof halfLifeOf;
  readonly fitOrnsteinUhlenbeck: typeof fitOrnsteinUhlenbeck;
  readonly cycleTime: typeof cycleTime;
  readonly optimalBands: typeof optimalBands;
  readonly createKalman: (options: KalmanOptions) => KalmanLine;
  readonly fitLine: typeof fitLine;
  readonly fitTotalLine: typeof fitTotalLine;
  readonly criticalValues: typeof criticalValues;
  readonly testUnitRoot: typeof testUnitRoot;
  readonly engleGranger: typeof engleGranger;
  readonly leadLag: typeof leadLag;
  readonly changeCovariance: typeof changeCovariance;
  readonly rollSpread: typeof rollSpread;
  readonly stationaryLaw: typeof chain.stationaryLaw;
  readonly reversibleEigenvalues: typeof chain.reversibleEigenvalues;
  readonly meanStays: typeof chain.meanStays;
  readonly regimeSwitching: typeof regimeSwitching;
  readonly aggregateBars: typeof aggregateBars;
  readonly urgency: typeof execution.urgency;
  readonly trajectory: typeof execution.trajectory;
  readonly costOf: typeof execution.costOf;
  readonly kyleEquilibrium: typeof information.kyleEquilibrium;
  readonly dealerQuotes: typeof information.dealerQuotes;
  readonly createFlow: (rates: FlowRates, draws: Draws, firstId: number) => PoissonFlow;
  readonly createBook: (options: BookOptions, sink: TradeSink) => OrderBook;
  /** Profit after fees in tick lots, as a run reports it. */
  readonly reportedPnl: (ledger: Ledger) => number;
}

export const MODELS: Models = {
  reservationPrice,
  totalSpread,
  fillProbability: linearFillProbability,
  oddsOfRise: queues.oddsOfRise,
  oddsOfExecution: queues.oddsOfExecution,
  oddsOfMakingSpread: queues.oddsOfMakingSpread,
  growthOdds: queues.growthOdds,
  printedExecutionTable: queues.printedExecutionTable,
  glftLadder: glft.glftLadder,
  glftExact: glft.glftExact,
  glftAsymptotic: glft.glftAsymptotic,
  cjpLadder: cjp.cjpLadder,
  cjpValue: cjp.cjpValue,
  cjpQuotes: cjp.cjpQuotes,
  zeroIntelligence: zeroIntelligenceRates,
  hawkesLikelihood: componentLikelihood,
  createHawkes: (...law) => new HawkesProcess(...law),
  createUnivariateHawkes: (...law) => new UnivariateHawkesProcess(...law),
  fitHawkes,
  findRegimes,
  blackScholesPrice,
  mertonPrice,
  mertonLogMoments,
  hestonPrice,
  gbmMoments,
  fixedLookbackPrice,
  barrierPrice,
  geometricAsianPrice,
  gbm,
  merton,
  heston,
  sobolNormals: (options) => new SobolNormals(options),
  ouStep,
  halfLifeOf,
  fitOrnsteinUhlenbeck,
  cycleTime,
  optimalBands,
  createKalman: (options) => new KalmanLine(options),
  fitLine,
  fitTotalLine,
  criticalValues,
  testUnitRoot,
  engleGranger,
  leadLag,
  changeCovariance,
  rollSpread,
  stationaryLaw: chain.stationaryLaw,
  reversibleEigenvalues: chain.reversibleEigenvalues,
  meanStays: chain.meanStays,
  regimeSwitching,
  aggregateBars,
  urgency: execution.urgency,
  trajectory: execution.trajectory,
  costOf: execution.costOf,
  kyleEquilibrium: information.kyleEquilibrium,
  dealerQuotes: information.dealerQuotes,
  createFlow: (rates, draws, firstId) => new PoissonFlow(rates, draws, firstId),
  createBook: (options, sink) => new Book(options, sink),
  reportedPnl: (ledger) => ledger.pnlTickLots(),
};
