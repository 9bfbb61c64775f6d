/** Types of requests and answers, made from the OpenAPI document by tests/client/types.test.ts. */

/* eslint-disable max-lines, max-len -- made by a program */

export type Problem = {
  /** A page that explains the problem. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code:
    | 'E_SPEC'
    | 'E_BODY'
    | 'E_KIND'
    | 'E_COST'
    | 'E_DATA'
    | 'E_CONFIG'
    | 'E_NOT_FOUND'
    | 'E_METHOD'
    | 'E_UPGRADE'
    | 'E_MEDIA_TYPE'
    | 'E_TOO_LARGE'
    | 'E_KEY'
    | 'E_ORIGIN'
    | 'E_CODE'
    | 'E_IDEMPOTENCY'
    | 'E_CONFLICT'
    | 'E_NOT_READY'
    | 'E_RATE'
    | 'E_QUEUE_FULL'
    | 'E_BUSY'
    | 'E_DRAINING'
    | 'E_STORE'
    | 'E_CORRUPT_RESULT'
    | 'E_JOB'
    | 'E_NONFINITE'
    | 'E_POISON'
    | 'E_TIMEOUT'
    | 'E_CANCELLED'
    | 'E_EXPIRED'
    | 'E_NO_NODE'
    | 'E_UNREACHABLE'
    | 'E_INTERNAL';
  /** The same request may succeed later. */
  readonly retryable: boolean;
  readonly detail: string;
  readonly errors?: readonly {
    /** JSON pointer into the request. */
    readonly pointer: string;
    /** What was expected and what came. */
    readonly message: string;
    /** The nearest known word. */
    readonly suggestion?: string;
  }[];
};

export type Metric = {
  readonly name: string;
  readonly value: number | null;
  readonly standardError: number | null;
  readonly unit: string;
  readonly meaning: string;
  /** 95 % interval. */
  readonly interval?: readonly [number, number];
  /** Why the number must not be trusted yet. */
  readonly flag?: string;
};

export type Summary = {
  readonly metrics: readonly Metric[];
  /** Sentences that a reader must know. */
  readonly notes: readonly string[];
  readonly documents?: readonly {
    readonly name: string;
    readonly text: string;
  }[];
};

export type Job = {
  /** The same as id. */
  readonly task_id: string;
  /** ULID of 26 characters. */
  readonly id: string;
  readonly kind: string;
  /** With all defaults filled in. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** sha256 over all that decides the bytes of the result. */
  readonly key: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired';
  readonly progress: number;
  readonly units: number;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** Milliseconds since the epoch. createdMs + timeoutS; null without timeoutS. */
  readonly deadlineMs: number | null;
  /** Milliseconds since the epoch. */
  readonly startedMs: number | null;
  /** Milliseconds since the epoch. */
  readonly finishedMs: number | null;
  /** Most attempts that a part of the job needed. */
  readonly attempts: number;
  /** Answered from a stored result of the same key. */
  readonly cached: boolean;
  /** sha256 over the raw columns; the same for the same spec, seed and engine. */
  readonly digest: string | null;
  readonly summary: Summary | null;
  readonly problem: Problem | null;
  /** The command that gives the same bytes again. */
  readonly reproduce: string;
  /** The job that was requeued as this one. */
  readonly requeueOf: string | null;
  /** self, result and report; a table is at self + "/NAME.csv", .json or .parquet. */
  readonly links: Readonly<Record<string, string>>;
  /** Parts of the service that are worse than they should be; absent when all is well. */
  readonly degraded?: Readonly<Record<string, string>>;
};

export type JobPage = {
  readonly jobs: readonly Job[];
  /** Address of the next page. */
  readonly next: string | null;
};

export type Batch = {
  /** ULID of 26 characters; the ids of its jobs follow it. */
  readonly batch_id: string;
  /** In the order of the request. */
  readonly jobs: readonly {
    readonly task_id: string;
    readonly status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired';
  }[];
  /** Jobs by state. */
  readonly counts: Readonly<Record<string, number>>;
  /** Share of jobs that have ended. */
  readonly progress: number;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** When the last job ended. */
  readonly finishedMs: number | null;
  readonly links: Readonly<Record<string, string>>;
};

export type Column = {
  readonly name: string;
  readonly type: 'f64' | 'i32' | 'u32' | 'u8';
  readonly unit: string;
  readonly meaning: string;
};

export type TableDeclaration = {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  /** May be empty. */
  readonly optional?: boolean;
};

export type Table = {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  /** May be empty. */
  readonly optional?: boolean;
  /** Rows of the table. */
  readonly rows: number;
  readonly links: Readonly<Record<string, string>>;
};

export type TableData = {
  readonly name: string;
  readonly title: string;
  /** Rows that are here. */
  readonly rows: number;
  readonly columns: readonly Column[];
  /** The values of each column, by its name. */
  readonly data: Readonly<Record<string, readonly number[]>>;
};

export type Result = {
  readonly id: string;
  readonly digest: string;
  readonly summary: Summary;
  readonly tables: readonly Table[];
  readonly links: Readonly<Record<string, string>>;
};

export type Sweep = {
  /** ULID of 26 characters. */
  readonly id: string;
  /** partial: all jobs have ended, some failed. */
  readonly state: 'running' | 'done' | 'partial' | 'cancelled';
  readonly jobs: {
    /** Cells times repeats. */
    readonly total: number;
    /** Jobs with a result. */
    readonly done: number;
    /** Failed or expired. */
    readonly failed: number;
    /** Cancelled, those that were never made too. */
    readonly cancelled: number;
    /** Jobs that a thread has. */
    readonly running: number;
    /** Of done: the result was there already. */
    readonly cached: number;
  };
  /** Cells whose jobs are all done. */
  readonly cellsDone: number;
  /** Cells with a failed job. */
  readonly cellsFailed: number;
  /** Share of jobs that have ended. */
  readonly progress: number;
  /** Jobs that ended in a second, over the last 10 s. */
  readonly jobsPerS: number | null;
  /** Seconds until the last job ends at that rate. */
  readonly etaS: number | null;
  /** Threads that could compute now. */
  readonly threads: number;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** Milliseconds since the epoch. */
  readonly finishedMs: number | null;
  /** The request, checked and complete: every job follows from it. */
  readonly plan: {
    readonly kind: string;
    readonly spec: Readonly<Record<string, unknown>>;
    /** Seed of the sweep: draws, permutations and the seeds of all jobs follow from it */
    readonly seed: number;
    /** Every combination of points, or cells drawn at random, or one in each stratum of each axis */
    readonly design: 'grid' | 'random' | 'latin-hypercube';
    /** Jobs per cell, each with another seed */
    readonly repeats: number;
    /** Repeat r has the same seed in every cell; false gives each cell seeds of its own */
    readonly commonRandomNumbers: boolean;
    /** Of all its jobs */
    readonly priority?: number;
    readonly axes: readonly {
      readonly path: string;
      readonly values: readonly unknown[] | null;
      readonly range: Readonly<Record<string, unknown>> | null;
    }[];
    readonly cells: number;
    readonly metric: {
      readonly name: string | null;
      readonly sense: 'max' | 'min';
    };
    readonly name?: string | null;
  };
  /** self, rows, csv, json, parquet and report. */
  readonly links: Readonly<Record<string, string>>;
};

export type SweepProgress = {
  /** ULID of 26 characters. */
  readonly id: string;
  /** partial: all jobs have ended, some failed. */
  readonly state: 'running' | 'done' | 'partial' | 'cancelled';
  readonly jobs: {
    /** Cells times repeats. */
    readonly total: number;
    /** Jobs with a result. */
    readonly done: number;
    /** Failed or expired. */
    readonly failed: number;
    /** Cancelled, those that were never made too. */
    readonly cancelled: number;
    /** Jobs that a thread has. */
    readonly running: number;
    /** Of done: the result was there already. */
    readonly cached: number;
  };
  /** Cells whose jobs are all done. */
  readonly cellsDone: number;
  /** Cells with a failed job. */
  readonly cellsFailed: number;
  /** Share of jobs that have ended. */
  readonly progress: number;
  /** Jobs that ended in a second, over the last 10 s. */
  readonly jobsPerS: number | null;
  /** Seconds until the last job ends at that rate. */
  readonly etaS: number | null;
  /** Threads that could compute now. */
  readonly threads: number;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** Milliseconds since the epoch. */
  readonly finishedMs: number | null;
};

export type SweepPage = {
  readonly sweeps: readonly Sweep[];
  /** Address of the next page. */
  readonly next: string | null;
};

export type Kind = {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of its spec. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly tables: readonly TableDeclaration[];
  readonly examples: readonly Readonly<Record<string, unknown>>[];
};

export type Catalogue = {
  readonly kinds: readonly {
    readonly name: string;
    readonly version: number;
    readonly title: string;
    readonly description: string;
    readonly links: Readonly<Record<string, string>>;
  }[];
  /** Markets of the short form. */
  readonly tickers: readonly string[];
  readonly instruments: readonly {
    readonly name: string;
    readonly title: string;
    readonly currency: string;
    readonly parts: Readonly<Record<string, unknown>>;
  }[];
};

export type Node = {
  readonly id: string;
  readonly host: string;
  /** Chunks that it computes at once. */
  readonly threads: number;
  /** Threads that compute. */
  readonly busy: number;
  readonly version: string;
  readonly state: 'ready' | 'draining';
  /** Chunks since it joined. */
  readonly chunksDone: number;
};

export type Nodes = {
  readonly nodes: readonly Node[];
};

export type Alive = {
  readonly status: 'ok';
  readonly version: string;
  /** Seconds since the process began. */
  readonly uptimeS: number;
};

export type Reason = {
  readonly component: string;
  readonly reason: string;
};

export type Readiness = {
  readonly ready: boolean;
  /** What keeps it from being ready. */
  readonly reasons: readonly Reason[];
  /** What is worse than it should be while work goes on. */
  readonly degraded: readonly Reason[];
};

/** Short for {"kind": "market-making", "spec": {"market", "instrument": those fitted to the ticker, "strategy": {"type": mm_strategy}, "runs": 1}, "seed"}. Without a seed, it is the number made of the first 12 hex digits of sha256("TICKER|YYYY-MM-DD"): the date names a random stream, not historical data. With arb_strategy it is a job of kind stat-arb in two books of the ticker. */
export type ShortForm = {
  /** One of the fitted markets, e.g. AAPL. */
  readonly ticker: string;
  /** Names the random stream of a day; it does not select historical data. */
  readonly date: string;
  /** The market maker, as in spec.strategy.type. */
  readonly mm_strategy: 'fixed' | 'adaptive';
  /** Makes it a job of kind stat-arb in two books of the ticker: statistical trades one value at two venues by Bertram's bands, pairs two assets at a ratio of least squares by z-score. mm_strategy, whichever it is, then means that leg y rests in its book. */
  readonly arb_strategy?: 'statistical' | 'pairs';
  /** Selects the random streams; the same seed and spec give the same bytes. */
  readonly seed?: number;
};

/** Fits models of order flow and of prices by maximum likelihood: the fill intensity A e^(-k delta), the rates of Cont, Stoikov & Talreja (2010) by distance, Hawkes processes, and the queue-reactive intensities of Huang, Lehalle & Rosenbaum (2015); geometric Brownian motion, Ornstein-Uhlenbeck, Merton jumps, GARCH, Markov switching and Heston. Every estimate has a standard error and a 95 % interval, every fit a test by its time-rescaled residuals, and a market file comes out that a simulation takes as it is. */
export type SpecCalibrate = {
  /** Where events come from */
  readonly data?:
    | {
        readonly type: 'simulated';
        /** Length of each sample [s] */
        readonly durationS?: number;
        /** Independent samples from known parameters, each fitted for itself [1] */
        readonly samples?: number;
      }
    | {
        readonly type: 'lobster';
        /** LOBSTER message file, csv or csv.gz */
        readonly messages: string;
        /** LOBSTER orderbook file of the same rows, csv or csv.gz */
        readonly orderbook: string;
        /** Start of the sample, after the first row of the file [s] */
        readonly fromS?: number;
        /** End of the sample, after the first row of the file; 0: its end [s] */
        readonly toS?: number;
        /** Equal pieces of the sample that are fitted for themselves too, to see whether it is steady [1] */
        readonly windows?: number;
      }
    | {
        readonly type: 'trades';
        /** CSV of trades: trade_id, exchange_ms, price, qty, buyer_is_maker; plain or gz */
        readonly file: string;
        /** Start of the sample, after the first row of the file [s] */
        readonly fromS?: number;
        /** End of the sample, after the first row of the file; 0: its end [s] */
        readonly toS?: number;
        /** Equal pieces of the sample that are fitted for themselves too, to see whether it is steady [1] */
        readonly windows?: number;
      }
    | {
        readonly type: 'depth';
        /** Binance capture: depth snapshot and differences with trades, JSON lines, plain or gz */
        readonly file: string;
        /** Start of the sample, after the first row of the file [s] */
        readonly fromS?: number;
        /** End of the sample, after the first row of the file; 0: its end [s] */
        readonly toS?: number;
        /** Equal pieces of the sample that are fitted for themselves too, to see whether it is steady [1] */
        readonly windows?: number;
      }
    | {
        readonly type: 'orders';
        /** Bitstamp order events as CSV, plain or gz */
        readonly file: string;
        /** Start of the sample, after the first row of the file [s] */
        readonly fromS?: number;
        /** End of the sample, after the first row of the file; 0: its end [s] */
        readonly toS?: number;
        /** Equal pieces of the sample that are fitted for themselves too, to see whether it is steady [1] */
        readonly windows?: number;
      }
    | {
        readonly type: 'bars';
        /** CSV of bars with a header: a time and a close, further columns by name; plain or gz */
        readonly file: string;
        /** Price that is used: the close or the adjusted close */
        readonly column?: 'close' | 'adjClose';
        /** What is made of two prices; simulations take log. Ornstein-Uhlenbeck takes the prices themselves */
        readonly returns?: 'log' | 'simple' | 'log-percent' | 'simple-percent';
        /** Observations a year, equally spaced: 252 for trading days [1/yr] */
        readonly observationsPerYr?: number;
      }
    | {
        readonly type: 'values';
        /** CSV with a header whose last column is numbers: returns, or levels; plain or gz */
        readonly file: string;
        /** Observations a year, equally spaced: 252 for trading days [1/yr] */
        readonly observationsPerYr?: number;
      }
    | {
        readonly type: 'option-quotes';
        /** CSV of European options with the columns strike, expiryYr, price, type (call or put); plain or gz */
        readonly file: string;
        /** Price of the underlying [currency] */
        readonly spot: number;
        /** Riskless rate [1/yr] */
        readonly ratePerYr?: number;
        /** Dividend or carry yield of the underlying [1/yr] */
        readonly yieldPerYr?: number;
      }
    | {
        readonly type: 'simulated-series';
        /** Observations of each sample; for heston its options [1] */
        readonly observations?: number;
        /** Independent samples from known parameters, each fitted for itself [1] */
        readonly samples?: number;
      };
  /** What is fitted */
  readonly model?:
    | {
        readonly type: 'hawkes';
        /** trades: market orders, one type; trade-sides: those of buyers and of sellers; orders: limit orders, market orders and cancels of each side, with one decay, which a simulation takes */
        readonly events?: 'trades' | 'trade-sides' | 'orders';
        /** Of orders: limit orders and cancels up to this distance from the opposite best [ticks] */
        readonly maxDistanceTicks?: number;
        /** Starts of the search that are followed to their maximum [1] */
        readonly starts?: number;
      }
    | {
        readonly type: 'intensity';
        /** Nearest reach that is fitted; -1: the mean half spread [ticks] */
        readonly fromTicks?: number;
        /** Farthest reach that is fitted; 0: where 99 % of the market orders end [ticks] */
        readonly toTicks?: number;
        /** Width of a class of reach [ticks] */
        readonly widthTicks?: number;
      }
    | {
        readonly type: 'cont-stoikov-talreja';
        /** Farthest distance from the opposite best that gets a rate [ticks] */
        readonly maxDistanceTicks?: number;
        /** Distances are pooled until so many limit orders were seen among them [1] */
        readonly leastOrders?: number;
      }
    | {
        readonly type: 'queue-reactive';
        /** Queues on each side of the reference price [1] */
        readonly levels?: number;
        /** Sizes of a queue beyond this, in average event sizes, are one class [1] */
        readonly maxQueue?: number;
      }
    | {
        readonly type: 'gbm';
      }
    | {
        readonly type: 'ornstein-uhlenbeck';
      }
    | {
        readonly type: 'merton';
        /** Starts of the search, shared over threads and nodes; the best maximum counts [1] */
        readonly starts?: number;
        /** newton: Newton and BFGS with the exact score; simplex: Nelder-Mead with restarts, from values alone */
        readonly search?: 'newton' | 'simplex';
      }
    | {
        readonly type: 'garch';
        /** Starts of the search, shared over threads and nodes; the best maximum counts [1] */
        readonly starts?: number;
        /** Standard errors: from the Hessian, or robust against innovations that are not normal (QML) */
        readonly errors?: 'hessian' | 'robust';
      }
    | {
        readonly type: 'markov-switching';
        /** Hidden regimes [1] */
        readonly regimes?: number;
        /** Lags of the autoregression around the mean of the regime [1] */
        readonly lags?: number;
        /** What the regime changes; mean with 4 lags is the model of Hamilton (1989) */
        readonly switching?: 'both' | 'mean' | 'variance';
        /** Starts of the search, shared over threads and nodes; the best maximum counts [1] */
        readonly starts?: number;
        /** newton: Newton and BFGS with the exact score; simplex: Nelder-Mead with restarts, from values alone */
        readonly search?: 'newton' | 'simplex';
      }
    | {
        readonly type: 'heston';
        /** Starts of the search, shared over threads and nodes; the best maximum counts [1] */
        readonly starts?: number;
      };
  /** Price of one tick; 0: the largest that divides all prices of the file [currency] */
  readonly tickSize?: number;
};

/** Calibration. Fits models of order flow and of prices by maximum likelihood: the fill intensity A e^(-k delta), the rates of Cont, Stoikov & Talreja (2010) by distance, Hawkes processes, and the queue-reactive intensities of Huang, Lehalle & Rosenbaum (2015); geometric Brownian motion, Ornstein-Uhlenbeck, Merton jumps, GARCH, Markov switching and Heston. Every estimate has a standard error and a 95 % interval, every fit a test by its time-rescaled residuals, and a market file comes out that a simulation takes as it is. */
export type RequestCalibrate = {
  readonly kind: 'calibrate';
  readonly spec?: SpecCalibrate;
  /** Selects the random streams; the same seed and spec give the same bytes. */
  readonly seed?: number;
  /** Each gets twice the compute time of the one below, while both wait. */
  readonly priority?: number;
  /** Seconds that the job has from its acceptance on; if it has not ended by then, queued or running, it ends as expired. */
  readonly timeoutS?: number;
};

/** A market maker quotes both sides of a true limit order book: generated by an order-flow model (Cont, Stoikov & Talreja; zero intelligence; Hawkes; queue-reactive), by agents, or replayed from a LOBSTER file pair with the true queue position. Reports PnL and its parts, Sharpe ratio, drawdown, fills, adverse selection and inventory, as means with standard errors over runs. */
export type SpecMarketMaking = {
  readonly market?:
    | string
    | (
        | {
            readonly type: 'cont-stoikov-talreja';
            /** Simulated time of each run [s] */
            readonly durationS?: number;
            /** Flow before the run starts, in which the book forgets how it was seeded [s] */
            readonly warmupS?: number;
            /** Best bid before the warm-up; the best ask is one tick above it [ticks] */
            readonly startMidTicks?: number;
            /** Limit orders per side at distance 1, 2, ... ticks from the opposite best [1/s]. Default: Cont, Stoikov & Talreja (2010), Sky Perfect, for 1..5, and their power law 1.92 i^-0.52 beyond */
            readonly limitRatePerS?: readonly number[];
            /** Market orders per side [1/s] */
            readonly marketRatePerS?: number;
            /** Cancels of each resting order at distance 1, 2, ... from the opposite best; the last rate holds beyond. As many entries as limitRatePerS [1/s per order] */
            readonly cancelRatePerS?: readonly number[];
            /** Size of the background orders */
            readonly orderSize?:
              | {
                  readonly type: 'constant';
                  /** Size of every order [lots] */
                  readonly lots?: number;
                }
              | {
                  readonly type: 'geometric';
                  /** Mean size; sizes are 1, 2, ... with geometric weights [lots] */
                  readonly meanLots?: number;
                };
          }
        | {
            readonly type: 'zero-intelligence';
            /** Simulated time of each run [s] */
            readonly durationS?: number;
            /** Flow before the run starts, in which the book forgets how it was seeded [s] */
            readonly warmupS?: number;
            /** Best bid before the warm-up; the best ask is one tick above it [ticks] */
            readonly startMidTicks?: number;
            /** Limit orders per side and tick of distance from the opposite best. The mean spread is about mu/alpha (0.28 + 1.86 epsilon^(3/4)), epsilon = delta/mu: 3 ticks by default [1/s] */
            readonly alphaPerS?: number;
            /** Market orders per side [1/s] */
            readonly muPerS?: number;
            /** Cancels of each resting order [1/s] */
            readonly deltaPerS?: number;
            /** Largest distance of limit orders; the paper has none, so several spreads [ticks] */
            readonly windowTicks?: number;
            /** Size of the background orders */
            readonly orderSize?:
              | {
                  readonly type: 'constant';
                  /** Size of every order [lots] */
                  readonly lots?: number;
                }
              | {
                  readonly type: 'geometric';
                  /** Mean size; sizes are 1, 2, ... with geometric weights [lots] */
                  readonly meanLots?: number;
                };
          }
        | {
            readonly type: 'hawkes';
            /** Simulated time of each run [s] */
            readonly durationS?: number;
            /** Flow before the run starts, in which the book forgets how it was seeded [s] */
            readonly warmupS?: number;
            /** Best bid before the warm-up; the best ask is one tick above it [ticks] */
            readonly startMidTicks?: number;
            /** Rates without excitation of limit buy, limit sell, market buy, market sell, cancel buy, cancel sell; of cancels per resting order of the side [1/s]. Default: with the excitation below about the mean rates of Cont, Stoikov & Talreja (2010), Sky Perfect */
            readonly baselineRatePerS?: readonly number[];
            /** Row i, column j: mean number of events i that an event j causes directly, in the order limit buy, limit sell, market buy, market sell, cancel buy, cancel sell. Its spectral radius must be below 1 */
            readonly branching?: readonly (readonly number[])[];
            /** Decay beta of the excitation: it falls by exp(-beta t) [1/s] */
            readonly decayPerS?: number;
            /** Weights of the distances 1, 2, ... ticks of limit orders from the opposite best. Default: as the limit orders of cont-stoikov-talreja [1] */
            readonly distanceWeights?: readonly number[];
            /** Size of the background orders */
            readonly orderSize?:
              | {
                  readonly type: 'constant';
                  /** Size of every order [lots] */
                  readonly lots?: number;
                }
              | {
                  readonly type: 'geometric';
                  /** Mean size; sizes are 1, 2, ... with geometric weights [lots] */
                  readonly meanLots?: number;
                };
          }
        | {
            readonly type: 'queue-reactive';
            /** Simulated time of each run [s] */
            readonly durationS?: number;
            /** Flow before the run starts, in which the book forgets how it was seeded [s] */
            readonly warmupS?: number;
            /** Best bid before the warm-up; the best ask is one tick above it [ticks] */
            readonly startMidTicks?: number;
            /** Limit orders that join a queue of a size, which counts in mean order sizes, rounded up: row i is level i from the reference price, entry n the size n = 0, 1, ...; the last one holds beyond [1/s] */
            readonly limitBySizePerS?: readonly (readonly number[])[];
            /** Cancels from a queue of a size: row i is level i from the reference price, entry n the size n = 0, 1, ...; the last one holds beyond [1/s] */
            readonly cancelBySizePerS?: readonly (readonly number[])[];
            /** Market orders into a queue of a size while it is the best: row i is level i from the reference price, entry n the size n = 0, 1, ...; the last one holds beyond [1/s] */
            readonly marketBySizePerS?: readonly (readonly number[])[];
            /** Chance that the reference price follows when a first queue is empty and the mid moves [1] */
            readonly theta?: number;
            /** Chance that such a move redraws the whole book, as news from outside does [1] */
            readonly thetaReinit?: number;
            /** Size of the background orders */
            readonly orderSize?:
              | {
                  readonly type: 'constant';
                  /** Size of every order [lots] */
                  readonly lots?: number;
                }
              | {
                  readonly type: 'geometric';
                  /** Mean size; sizes are 1, 2, ... with geometric weights [lots] */
                  readonly meanLots?: number;
                };
          }
        | {
            readonly type: 'agents';
            /** Simulated time of each run [s] */
            readonly durationS?: number;
            /** Flow before the run starts, in which the book forgets how it was seeded [s] */
            readonly warmupS?: number;
            /** Best bid before the warm-up; the best ask is one tick above it [ticks] */
            readonly startMidTicks?: number;
            /** Agents that take the best opposite price on a random side [1] */
            readonly noiseAgents?: number;
            /** Mean time that a noise agent sleeps, exponential for each of them [s] */
            readonly noiseWakeS?: number;
            /** Agents that look at a fundamental value through noise and trade towards it [1] */
            readonly valueAgents?: number;
            /** Mean time that a value agent sleeps, exponential for each of them [s] */
            readonly valueWakeS?: number;
            /** Standard deviation of one look at the fundamental value [ticks] */
            readonly valueNoiseTicks?: number;
            /** Share of their orders that take the best opposite price; the others lie up to two spreads short of it [1] */
            readonly valueTakingShare?: number;
            /** Agents that follow the trend of the mid with orders that take [1] */
            readonly momentumAgents?: number;
            /** Mean time that a momentum agent sleeps, exponential for each of them [s] */
            readonly momentumWakeS?: number;
            /** Span of the fast average of the mid that a momentum agent keeps [looks] */
            readonly momentumFastLooks?: number;
            /** Span of the slow average of the mid that a momentum agent keeps [looks] */
            readonly momentumSlowLooks?: number;
            /** Market makers that lay a ladder of orders on both sides [1] */
            readonly makerAgents?: number;
            /** Mean time that a market maker sleeps, exponential for each of them [s] */
            readonly makerWakeS?: number;
            /** Price levels of its ladder on each side [1] */
            readonly makerLevels?: number;
            /** Distance of its levels, one tick at least [average spreads that it has seen] */
            readonly makerLevelSpacing?: number;
            /** Size of each of its orders as a share of the volume since it last woke [1] */
            readonly makerVolumeShare?: number;
            /** Size of each of its orders at least [lots] */
            readonly makerMinLots?: number;
            /** Move of its ladder when all trades since it last woke were on one side [ticks] */
            readonly makerSkewTicks?: number;
            /** Agents that work large parent orders, one after another on random sides [1] */
            readonly executionAgents?: number;
            /** Mean time that an execution agent sleeps, exponential for each of them [s] */
            readonly executionWakeS?: number;
            /** Child orders by share of the volume, or in equal parts; each takes the best opposite price */
            readonly executionSchedule?: 'pov' | 'twap';
            /** Size of a parent order [lots] */
            readonly executionParentLots?: number;
            /** Child order by pov, as a share of the volume since the last one [1] */
            readonly executionVolumeShare?: number;
            /** Number of child orders by twap [1] */
            readonly executionSlices?: number;
            /** Volatility of the fundamental value [ticks/sqrt(s)] */
            readonly fundamentalSigmaTicksPerSqrtS?: number;
            /** Speed at which the fundamental value returns to startMidTicks + 1/2; half of the way in ln 2 over it [1/s] */
            readonly fundamentalReversionPerS?: number;
            /** Size of the background orders */
            readonly orderSize?:
              | {
                  readonly type: 'constant';
                  /** Size of every order [lots] */
                  readonly lots?: number;
                }
              | {
                  readonly type: 'geometric';
                  /** Mean size; sizes are 1, 2, ... with geometric weights [lots] */
                  readonly meanLots?: number;
                };
          }
        | {
            readonly type: 'avellaneda-stoikov';
            /** Simulated time of each run [s] */
            readonly durationS?: number;
            /** Best bid before the warm-up; the best ask is one tick above it [ticks] */
            readonly startMidTicks?: number;
            /** Step dt of the mid; in each one an own order is filled at most once [ms] */
            readonly stepMs?: number;
            /** Volatility sigma of the mid [ticks/sqrt(s)]. Defaults here: the published values with a tick of 1 and 100 s as their unit of time */
            readonly midSigmaTicksPerSqrtS?: number;
            /** A: fills per second of an order at the mid [1/s] */
            readonly fillRatePerS?: number;
            /** k: the fill rate at distance d is A exp(-k d) [1/tick] */
            readonly fillDecayPerTick?: number;
          }
        | {
            readonly type: 'replay';
            /** LOBSTER message file, csv or csv.gz */
            readonly messages: string;
            /** LOBSTER orderbook file of the same rows, csv or csv.gz */
            readonly orderbook: string;
          }
      );
  readonly instrument?:
    | string
    | {
        /** Price of one tick [currency] */
        readonly tickSize?: number;
        /** Units of the asset in one lot; 1 for a replay [units] */
        readonly lotSize?: number;
        /** Contract multiplier: currency = price x units x multiplier [1] */
        readonly multiplier?: number;
      };
  /** How the market trades; for a generated market */
  readonly rules?: {
    /** Who trades at a price: the oldest order first; all by their size; the oldest, then all by size */
    readonly allocation?: 'price-time' | 'pro-rata' | 'top-pro-rata';
    /** Continuous trading, the same between an opening and a closing call auction, or batch auctions only */
    readonly session?:
      | {
          readonly type: 'continuous';
        }
      | {
          readonly type: 'auctions';
          /** Length of the opening call, at the start of the run; 0 for none [s] */
          readonly openingS?: number;
          /** Length of the closing call, at the end of the run; 0 for none [s] */
          readonly closingS?: number;
        }
      | {
          readonly type: 'batch';
          /** Length of each call of the frequent batch auction [ms] */
          readonly intervalMs?: number;
        };
    /** Halts by time, ascending: [{"fromS", "toS"}, ...] */
    readonly halts?: readonly {
      /** Start of the halt [s] */
      readonly fromS: number;
      /** End of the halt [s] */
      readonly toS: number;
    }[];
    /** Circuit breaker */
    readonly breaker?: {
      /** A trade so far from another one within the window pauses trading; 0 for never [ticks] */
      readonly moveTicks?: number;
      /** How far back the other trade may lie [s] */
      readonly windowS?: number;
      /** Length of the pause [s] */
      readonly pauseS?: number;
    };
    /** What halts and the circuit breaker do: take nothing but cancels, or gather orders for a call auction */
    readonly interruption?: 'halt' | 'auction';
    /** Price band: none, around the mid at the start of the run, or around the last trade */
    readonly band?:
      | {
          readonly type: 'none';
        }
      | {
          readonly type: 'static';
          /** New prices and trades lie at most so far from the middle of the band [ticks] */
          readonly bandTicks?: number;
        }
      | {
          readonly type: 'following';
          /** New prices and trades lie at most so far from the middle of the band [ticks] */
          readonly bandTicks?: number;
        };
  };
  /** How quotes are set */
  readonly strategy?:
    | {
        readonly type: 'fixed';
        /** Distance of each quote from the mid; prices are rounded away from it [ticks] */
        readonly halfSpreadTicks?: number;
        /** Size of each quote [lots] */
        readonly quoteLots?: number;
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      }
    | {
        readonly type: 'symmetric';
        /** Risk aversion that sets the spread of Avellaneda & Stoikov (2008) [1/tick] */
        readonly gamma?: number;
        /** Decay of the fill rate with the distance from the mid [1/tick] */
        readonly k?: number;
        /** Rolling horizon: time left = the smaller of this and the time to the end [s] */
        readonly horizonS?: number;
        /** Volatility of the mid [ticks/sqrt(s)] */
        readonly sigmaTicksPerSqrtS?: number;
        /** Size of each quote [lots] */
        readonly quoteLots?: number;
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      }
    | {
        readonly type: 'avellaneda-stoikov';
        /** Risk aversion of Avellaneda & Stoikov (2008), with inventory counted in quotes; small, because the time left begins with the whole run [1/tick] */
        readonly gamma?: number;
        /** Decay of the fill rate with the distance from the mid [1/tick] */
        readonly k?: number;
        /** Volatility of the mid [ticks/sqrt(s)] */
        readonly sigmaTicksPerSqrtS?: number;
        /** Size of each quote [lots] */
        readonly quoteLots?: number;
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      }
    | {
        readonly type: 'adaptive';
        /** Risk aversion of Avellaneda & Stoikov (2008), with inventory counted in quotes [1/tick] */
        readonly gamma?: number;
        /** Decay of the fill rate with the distance from the mid; first guess when online [1/tick] */
        readonly k?: number;
        /** Rolling horizon: time left = the smaller of this and the time to the end [s] */
        readonly horizonS?: number;
        /** Volatility of the mid: estimated from the feed while running, or as given */
        readonly volatility?: 'online' | 'given';
        /** Volatility of the mid when given, the first guess when online [ticks/sqrt(s)] */
        readonly sigmaTicksPerSqrtS?: number;
        /** Half-life of the online estimate [s] */
        readonly volatilityHalfLifeS?: number;
        /** Reach of market orders, A exp(-k distance): as given, or estimated from the trades while running */
        readonly intensity?: 'online' | 'given';
        /** Half-life of the online estimate of A and k [s] */
        readonly intensityHalfLifeS?: number;
        /** Size of each quote [lots] */
        readonly quoteLots?: number;
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      }
    | {
        readonly type: 'glft';
        /** Quotes far from any horizon in closed form, or the exact ones with horizon and inventory limit; exact takes volatility and intensity as given */
        readonly solution?: 'asymptotic' | 'exact';
        /** Risk aversion, with inventory counted in quotes [1/tick] */
        readonly gamma?: number;
        /** Fill rate of a quote at the mid; first guess when online [1/s] */
        readonly A?: number;
        /** Decay of the fill rate with the distance from the mid; first guess when online [1/tick] */
        readonly k?: number;
        /** Rolling horizon: time left = the smaller of this and the time to the end [s] */
        readonly horizonS?: number;
        /** Volatility of the mid: estimated from the feed while running, or as given */
        readonly volatility?: 'online' | 'given';
        /** Volatility of the mid when given, the first guess when online [ticks/sqrt(s)] */
        readonly sigmaTicksPerSqrtS?: number;
        /** Half-life of the online estimate [s] */
        readonly volatilityHalfLifeS?: number;
        /** Reach of market orders, A exp(-k distance): as given, or estimated from the trades while running */
        readonly intensity?: 'given' | 'online';
        /** Half-life of the online estimate of A and k [s] */
        readonly intensityHalfLifeS?: number;
        /** Size of each quote [lots] */
        readonly quoteLots?: number;
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      }
    | {
        readonly type: 'cartea-jaimungal-penalva';
        /** Market orders of each side [1/s] */
        readonly lambda?: number;
        /** Decay of the fill probability with the distance from the mid [1/tick] */
        readonly kappa?: number;
        /** Running penalty per quote of inventory squared [ticks/s] */
        readonly phi?: number;
        /** Penalty per quote of inventory squared at the horizon [ticks] */
        readonly terminalAlpha?: number;
        /** Rolling horizon: time left = the smaller of this and the time to the end [s] */
        readonly horizonS?: number;
        /** Size of each quote [lots] */
        readonly quoteLots?: number;
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      }
    | {
        readonly type: 'imbalance';
        /** Distance of each quote from the leaning centre [ticks] */
        readonly halfSpreadTicks?: number;
        /** How far the centre goes from the mid (0) to the size-weighted mid (1) [1] */
        readonly weight?: number;
        /** Move of the centre against each quote of inventory [ticks] */
        readonly skewTicks?: number;
        /** Imbalance beyond which the threatened side is not quoted; 1 = never [1] */
        readonly pullAbove?: number;
        /** Size of each quote [lots] */
        readonly quoteLots?: number;
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      }
    | {
        readonly type: 'twap';
        /** What the parent order does */
        readonly side?: 'buy' | 'sell';
        /** Size of the parent order, never exceeded [lots] */
        readonly parentLots?: number;
        /** Time in which the parent order is worked; what is left then crosses at once [s] */
        readonly withinS?: number;
        /** Child orders: posted at the own best price, crossing at the end of their slice; or crossing at its start */
        readonly children?: 'limit' | 'market';
        /** Slices into which the time is cut [1] */
        readonly slices?: number;
      }
    | {
        readonly type: 'vwap';
        /** What the parent order does */
        readonly side?: 'buy' | 'sell';
        /** Size of the parent order, never exceeded [lots] */
        readonly parentLots?: number;
        /** Time in which the parent order is worked; what is left then crosses at once [s] */
        readonly withinS?: number;
        /** Child orders: posted at the own best price, crossing at the end of their slice; or crossing at its start */
        readonly children?: 'limit' | 'market';
        /** Slices into which the time is cut [1] */
        readonly slices?: number;
        /** Volume that is expected in equal pieces of the time, one after the other; only ratios count [1] */
        readonly volumeProfile?: readonly number[];
      }
    | {
        readonly type: 'pov';
        /** What the parent order does */
        readonly side?: 'buy' | 'sell';
        /** Size of the parent order, never exceeded [lots] */
        readonly parentLots?: number;
        /** Time in which the parent order is worked; what is left then crosses at once [s] */
        readonly withinS?: number;
        /** Child orders: posted at the own best price, crossing at the end of their slice; or crossing at its start */
        readonly children?: 'limit' | 'market';
        /** Share of all traded lots, own ones in a generated market included [1] */
        readonly participation?: number;
      }
    | {
        readonly type: 'almgren-chriss';
        /** What the parent order does */
        readonly side?: 'buy' | 'sell';
        /** Size of the parent order, never exceeded [lots] */
        readonly parentLots?: number;
        /** Time in which the parent order is worked; what is left then crosses at once [s] */
        readonly withinS?: number;
        /** Child orders: posted at the own best price, crossing at the end of their slice; or crossing at its start */
        readonly children?: 'limit' | 'market';
        /** Slices into which the time is cut [1] */
        readonly slices?: number;
        /** Risk aversion lambda; 0 trades evenly, as TWAP [1/(tick x lot)] */
        readonly riskAversion?: number;
        /** Volatility of the mid [ticks/sqrt(s)] */
        readonly sigmaTicksPerSqrtS?: number;
        /** Permanent impact gamma [ticks/lot] */
        readonly permanentImpact?: number;
        /** Temporary impact eta of trading one lot a second [ticks x s/lot] */
        readonly temporaryImpact?: number;
      }
    | {
        readonly type: 'custom';
        /** TypeScript file of the strategy, see: mms strategy new; a service takes none unless told to */
        readonly file: string;
        /** The TypeScript itself, for a service that has no such file; `file` then only names it in errors, and it imports nothing but mms/strategy */
        readonly source?: string;
        /** Parameters of the strategy, as its file declares them */
        readonly parameters?: readonly {
          /** Name that the file declares */
          readonly name: string;
          /** Its value; what is left out has the default of the file */
          readonly value: number | boolean | string;
        }[];
        /** Position that is never exceeded, long or short, orders on their way included [lots] */
        readonly maxInventoryLots?: number;
      };
  /** When the trader is held back */
  readonly limits?: {
    /** Loss before fees at which the trader stops for good; 0 = none [currency] */
    readonly maxLoss?: number;
    /** What it then does: close its position at any price, or keep it */
    readonly onLoss?: 'flatten' | 'stop';
    /** Orders and cancels per second on average; 0 = any number [1/s] */
    readonly messagesPerS?: number;
    /** Messages that may go at once after a quiet time [1] */
    readonly messageBurst?: number;
  };
  /** When quotes are set; own fills always lead to a decision */
  readonly requote?: {
    /** Timer between decisions [ms] */
    readonly everyMs?: number;
    /** Decide also whenever the received best bid or ask changes */
    readonly onFeedChange?: boolean;
  };
  /** Delays. Each direction is a first-in first-out connection: no message overtakes another one */
  readonly latency?: {
    /** From the trader to the exchange: constant [ns], or drawn for each message by a law (log-normal, empirical) */
    readonly orderNs?:
      | number
      | {
          readonly type: 'log-normal';
          /** Median [ns] */
          readonly medianNs?: number;
          /** Standard deviation of the logarithm [1] */
          readonly sigma?: number;
        }
      | {
          readonly type: 'empirical';
          /** Equally likely quantiles from the smallest to the largest, ascending, or sorted samples; linear between them [ns] */
          readonly quantilesNs: readonly number[];
        };
    /** The same for cancels; as orderNs unless given: constant [ns], or drawn for each message by a law (log-normal, empirical) */
    readonly cancelNs?:
      | number
      | {
          readonly type: 'log-normal';
          /** Median [ns] */
          readonly medianNs?: number;
          /** Standard deviation of the logarithm [1] */
          readonly sigma?: number;
        }
      | {
          readonly type: 'empirical';
          /** Equally likely quantiles from the smallest to the largest, ascending, or sorted samples; linear between them [ns] */
          readonly quantilesNs: readonly number[];
        };
    /** From the exchange to the trader, for market data and own fills: constant [ns], or drawn for each message by a law (log-normal, empirical) */
    readonly feedNs?:
      | number
      | {
          readonly type: 'log-normal';
          /** Median [ns] */
          readonly medianNs?: number;
          /** Standard deviation of the logarithm [1] */
          readonly sigma?: number;
        }
      | {
          readonly type: 'empirical';
          /** Equally likely quantiles from the smallest to the largest, ascending, or sorted samples; linear between them [ns] */
          readonly quantilesNs: readonly number[];
        };
    /** Speed bump at the exchange, on top of that [ns] */
    readonly bumpNs?: number;
    /** Whom the bump delays: all messages, cancels too, or orders that take */
    readonly bumpOn?: 'all' | 'taking';
  };
  /** Trading fees */
  readonly fees?: {
    /** Fee of a resting order that is hit, or that trades in an auction; negative = rebate [bps of notional] */
    readonly makerBps?: number;
    /** Fee of an aggressive order; used for the price of closing the last inventory [bps of notional] */
    readonly takerBps?: number;
    /** Maker fee per lot, on top [currency/lot] */
    readonly makerPerLot?: number;
    /** Taker fee per lot, on top [currency/lot] */
    readonly takerPerLot?: number;
    /** Rates from some own volume on, ascending: [{"fromVolume", "makerBps", ...}, ...]; what a tier leaves out is as in the one below */
    readonly tiers?: readonly {
      /** Volume from which on these rates hold [currency or lots] */
      readonly fromVolume: number;
      /** Fee of a resting order that is hit, or that trades in an auction; negative = rebate [bps of notional] */
      readonly makerBps?: number;
      /** Fee of an aggressive order; used for the price of closing the last inventory [bps of notional] */
      readonly takerBps?: number;
      /** Maker fee per lot, on top [currency/lot] */
      readonly makerPerLot?: number;
      /** Taker fee per lot, on top [currency/lot] */
      readonly takerPerLot?: number;
    }[];
    /** What counts as volume: traded value [currency] or lots */
    readonly tierBy?: 'notional' | 'lots';
    /** Volume that counts before the run, e.g. of the last 30 days [currency or lots] */
    readonly startVolume?: number;
  };
  /** How results are measured */
  readonly measures?: {
    /** Interval of the PnL increments behind the Sharpe ratio [s] */
    readonly samplingS?: number;
    /** Delay after a fill at which adverse selection is measured [s] */
    readonly adverseS?: number;
    /** Length of the blocks of time in which stylised facts of the market are measured; 0 measures none [s] */
    readonly factsBlockS?: number;
    /** Keep also what estimators that see level totals and trades only believe of the own place in the queue, and report their bias in fills and PnL */
    readonly queueEstimators?: boolean;
  };
  /** Independent replications, each with its own random stream; 32 unless given; 1 for a replay, more where its latencies are drawn */
  readonly runs?: number;
  /** Runs in pairs, the second of which meets the random numbers of the first turned over; errors then come from the means of the pairs, and the result says what the pairing gained or lost */
  readonly antithetic?: boolean;
  /** Rows of the time series of the first run */
  readonly seriesPoints?: number;
};

/** Market making. A market maker quotes both sides of a true limit order book: generated by an order-flow model (Cont, Stoikov & Talreja; zero intelligence; Hawkes; queue-reactive), by agents, or replayed from a LOBSTER file pair with the true queue position. Reports PnL and its parts, Sharpe ratio, drawdown, fills, adverse selection and inventory, as means with standard errors over runs. */
export type RequestMarketMaking = {
  readonly kind: 'market-making';
  readonly spec?: SpecMarketMaking;
  /** Selects the random streams; the same seed and spec give the same bytes. */
  readonly seed?: number;
  /** Each gets twice the compute time of the one below, while both wait. */
  readonly priority?: number;
  /** Seconds that the job has from its acceptance on; if it has not ended by then, queued or running, it ends as expired. */
  readonly timeoutS?: number;
};

/** Many paths of a price model: laws of terminal price, extremes and averages, option payoffs and Greeks, with standard errors. */
export type SpecPaths = {
  /** Price model */
  readonly model?:
    | {
        readonly type: 'gbm';
        /** Price at the start [currency] */
        readonly s0?: number;
        /** Drift mu: the mean price grows by e^(mu t) [1/yr] */
        readonly driftPerYr?: number;
        /** Volatility sigma [1/sqrt(yr)] */
        readonly sigmaPerSqrtYr?: number;
      }
    | {
        readonly type: 'correlated-gbm';
        /** Price of each asset at the start [currency] */
        readonly startPrices?: readonly number[];
        /** Drift of each asset [1/yr] */
        readonly driftsPerYr?: readonly number[];
        /** Volatility of each asset [1/sqrt(yr)] */
        readonly sigmasPerSqrtYr?: readonly number[];
        /** Correlation of the drivers: symmetric, positive definite, ones on the diagonal [1] */
        readonly correlation?: readonly (readonly number[])[];
        /** Units of each asset in the basket; negative for a spread [1] */
        readonly weights?: readonly number[];
      }
    | {
        readonly type: 'arithmetic-brownian';
        /** Price at the start [currency] */
        readonly s0?: number;
        /** Drift [currency/yr] */
        readonly driftCurrencyPerYr?: number;
        /** Volatility [currency/sqrt(yr)] */
        readonly sigmaCurrencyPerSqrtYr?: number;
      }
    | {
        readonly type: 'ornstein-uhlenbeck';
        /** Price at the start [currency] */
        readonly s0?: number;
        /** Speed at which the process returns to its mean [1/yr] */
        readonly kappaPerYr?: number;
        /** Mean that the price returns to [currency] */
        readonly meanPrice?: number;
        /** Volatility [currency/sqrt(yr)] */
        readonly sigmaCurrencyPerSqrtYr?: number;
      }
    | {
        readonly type: 'merton';
        /** Price at the start [currency] */
        readonly s0?: number;
        /** Drift mu: the mean price grows by e^(mu t) [1/yr] */
        readonly driftPerYr?: number;
        /** Volatility sigma [1/sqrt(yr)] */
        readonly sigmaPerSqrtYr?: number;
        /** Mean number of jumps a year [1/yr] */
        readonly jumpsPerYr?: number;
        /** Mean of the logarithm of a jump [1] */
        readonly jumpLogMean?: number;
        /** Standard deviation of the logarithm of a jump [1] */
        readonly jumpLogSd?: number;
      }
    | {
        readonly type: 'heston';
        /** Price at the start [currency] */
        readonly s0?: number;
        /** Drift mu: the mean price grows by e^(mu t) [1/yr] */
        readonly driftPerYr?: number;
        /** Variance at the start [1/yr] */
        readonly startVariancePerYr?: number;
        /** Speed at which the variance returns to its mean [1/yr] */
        readonly kappaPerYr?: number;
        /** Variance in the long run [1/yr] */
        readonly longVariancePerYr?: number;
        /** Volatility of variance xi [1/yr] */
        readonly xiPerYr?: number;
        /** Correlation of the drivers of price and variance [1] */
        readonly rho?: number;
      }
    | {
        readonly type: 'regime-switching';
        /** Price at the start [currency] */
        readonly s0?: number;
        /** Drift of each regime; default: bull, bear, sideways [1/yr] */
        readonly regimeDriftsPerYr?: readonly number[];
        /** Volatility of each regime [1/sqrt(yr)] */
        readonly regimeSigmasPerSqrtYr?: readonly number[];
        /** Row i: probabilities of the regimes after a step in regime i; every row sums to 1 [1] */
        readonly transition?: readonly (readonly number[])[];
        /** Regime of the first step, counted from 0 [1] */
        readonly startRegime?: number;
      };
  /** Length of a path [yr] */
  readonly horizonYr?: number;
  /** stepped: every fixing is drawn, extremes and averages are taken over them; exact: the horizon in one draw and extremes in continuous time, where the model has such a sampler */
  readonly sampling?: 'stepped' | 'exact';
  /** Fixings of a path, equally spaced; exact sampling does not use them [1] */
  readonly steps?: number;
  /** Number of paths [1] */
  readonly paths?: number;
  /** pseudo: independent normals; sobol: scrambled Sobol points in the order of a Brownian bridge, with errors from at least 16 randomisations */
  readonly points?: 'pseudo' | 'sobol';
  /** Normals in double precision, or faster in single precision; all that follows is in double precision */
  readonly precision?: 'f64' | 'f32-draws';
  /** Draw paths in pairs with opposite normals; errors are taken over the pairs */
  readonly antithetic?: boolean;
  /** Correct payoffs by a control whose mean is known: the geometric average for an arithmetic one under gbm, the price at the horizon for others */
  readonly control?: boolean;
  /** Rate at which payoffs are discounted [1/yr] */
  readonly ratePerYr?: number;
  /** Options on the price (on the basket where there are several), e.g. [{"type":"european","strike":100}]: european, asian, barrier, lookback */
  readonly payoffs?: readonly (
    | {
        readonly type: 'european';
        /** Right to buy or to sell */
        readonly option?: 'call' | 'put';
        /** Strike [currency] */
        readonly strike?: number;
      }
    | {
        readonly type: 'asian';
        /** Right to buy or to sell */
        readonly option?: 'call' | 'put';
        /** Strike [currency] */
        readonly strike?: number;
        /** Mean over the fixings, without the start */
        readonly average?: 'arithmetic' | 'geometric';
      }
    | {
        readonly type: 'barrier';
        /** Right to buy or to sell */
        readonly option?: 'call' | 'put';
        /** Strike [currency] */
        readonly strike?: number;
        /** Side of the start on which the barrier lies */
        readonly direction?: 'up' | 'down';
        /** out: reaching the barrier ends the option; in: begins it */
        readonly knock?: 'out' | 'in';
        /** Level that knocks [currency] */
        readonly barrier?: number;
      }
    | {
        readonly type: 'lookback';
        /** Right to buy or to sell */
        readonly option?: 'call' | 'put';
        /** Strike [currency] */
        readonly strike?: number;
        /** fixed: the extreme against the strike; floating: the price at the horizon against the extreme */
        readonly style?: 'fixed' | 'floating';
      }
  )[];
  /** Also the Greeks of the payoffs: delta, gamma and vega under gbm, delta under merton, heston and regime-switching */
  readonly greeks?: boolean;
  /** Barriers: the share of paths that reach each one [currency] */
  readonly levels?: readonly number[];
  /** Keep every path at every fixing as table paths; large */
  readonly wholePaths?: boolean;
};

/** Price paths. Many paths of a price model: laws of terminal price, extremes and averages, option payoffs and Greeks, with standard errors. */
export type RequestPaths = {
  readonly kind: 'paths';
  readonly spec?: SpecPaths;
  /** Selects the random streams; the same seed and spec give the same bytes. */
  readonly seed?: number;
  /** Each gets twice the compute time of the one below, while both wait. */
  readonly priority?: number;
  /** Seconds that the job has from its acceptance on; if it has not ended by then, queued or running, it ends as expired. */
  readonly timeoutS?: number;
};

/** Trades the spread of two prices: hedge ratio by least squares, total least squares or a Kalman filter, tests for cointegration (Engle-Granger, Johansen), an Ornstein-Uhlenbeck fit with its half-life, and positions by z-score, by bands, or by Bertram's optimal bands, on simulated pairs, on your own bars, or in two simulated order books whose legs have queues, fees and latencies of their own; lead-lag arbitrage between venues. */
export type SpecStatArb = {
  /** Where the two prices come from */
  readonly source?:
    | {
        readonly type: 'series';
        /** Observations of each run, formation included [1] */
        readonly observations?: number;
        /** Observations in a year, by which volatilities and Sharpe ratios are annualised [1/yr] */
        readonly observationsPerYr?: number;
        /** Price of y at the start, the spread apart [currency] */
        readonly startY?: number;
        /** Price of x at the start [currency] */
        readonly startX?: number;
        /** Drift of x [1/yr] */
        readonly driftPerYr?: number;
        /** Volatility of x [1/sqrt(yr)] */
        readonly sigmaPerSqrtYr?: number;
        /** ln y = constant + hedgeRatio ln x + spread [1] */
        readonly hedgeRatio?: number;
        /** Observations in which half of a distance from the mean goes [1] */
        readonly halfLifeObs?: number;
        /** Stationary standard deviation of the spread of logarithms [1] */
        readonly spreadSd?: number;
        /** False: the spread is a walk with the same noise per step, so that nothing ties the prices */
        readonly cointegrated?: boolean;
      }
    | {
        readonly type: 'values';
        /** Prices of y, oldest first [currency] */
        readonly yValues: readonly number[];
        /** Prices of x, oldest first [currency] */
        readonly xValues: readonly number[];
        /** Observations in a year, by which volatilities and Sharpe ratios are annualised [1/yr] */
        readonly observationsPerYr?: number;
      }
    | {
        readonly type: 'files';
        /** Bars of y: csv or csv.gz with a header that has a date and a close */
        readonly yFile: string;
        /** Bars of x: csv or csv.gz with a header that has a date and a close */
        readonly xFile: string;
        /** Price that is taken of each bar */
        readonly column?: 'close' | 'adjClose';
        /** Observations in a year, by which volatilities and Sharpe ratios are annualised [1/yr] */
        readonly observationsPerYr?: number;
      }
    | {
        readonly type: 'books';
        /** Simulated time of each run, formation included [s] */
        readonly durationS?: number;
        /** Flow before the run, in which the books forget how they were seeded [s] */
        readonly warmupS?: number;
        /** Distance of the samples of both mids, which form the pair and decide [s] */
        readonly sampleS?: number;
        /** False: the spread of the values is a walk with the same noise, so that nothing ties the books */
        readonly cointegrated?: boolean;
        /** Volatility of the value of x [ticks/sqrt(s)] */
        readonly valueSigmaTicksPerSqrtS?: number;
        /** Ticks that the value of y moves with a tick of x [1] */
        readonly ratioTicks?: number;
        /** Half-life of the spread of the values [s] */
        readonly halfLifeS?: number;
        /** Its stationary standard deviation [ticks of y] */
        readonly spreadSdTicks?: number;
        /** Arrivals at each book of traders who know its value and take what is offered better [1/s] */
        readonly informedRatePerS?: number;
        /** How much better it must be [ticks] */
        readonly informedEdgeTicks?: number;
        /** Order flow of each book, by Cont, Stoikov & Talreja (2010); default: Sky Perfect */
        readonly flow?: {
          /** Limit orders per side at distance 1, 2, ... ticks from the opposite best [1/s] */
          readonly limitRatePerS?: readonly number[];
          /** Market orders per side [1/s] */
          readonly marketRatePerS?: number;
          /** Cancels of each resting order at distance 1, 2, ...; as many as limitRatePerS [1/s per order] */
          readonly cancelRatePerS?: readonly number[];
          /** Size of the orders of others */
          readonly orderSize?:
            | {
                readonly type: 'constant';
                /** Size of every order [lots] */
                readonly lots?: number;
              }
            | {
                readonly type: 'geometric';
                /** Mean size [lots] */
                readonly meanLots?: number;
              };
        };
        /** The book of y */
        readonly venueY?: {
          /** Price of one tick [currency] */
          readonly tickSize?: number;
          /** Best bid before the warm-up [ticks] */
          readonly startMidTicks?: number;
          /** Time of a message to the exchange [ns] */
          readonly orderNs?: number;
          /** Time of a message from it [ns] */
          readonly feedNs?: number;
          /** Fee of resting orders, a rebate below 0 [bps] */
          readonly makerBps?: number;
          /** Fee of taking orders [bps] */
          readonly takerBps?: number;
          /** How late informed traders of this book hear of its value [s] */
          readonly informedDelayS?: number;
        };
        /** The book of x */
        readonly venueX?: {
          /** Price of one tick [currency] */
          readonly tickSize?: number;
          /** Best bid before the warm-up [ticks] */
          readonly startMidTicks?: number;
          /** Time of a message to the exchange [ns] */
          readonly orderNs?: number;
          /** Time of a message from it [ns] */
          readonly feedNs?: number;
          /** Fee of resting orders, a rebate below 0 [bps] */
          readonly makerBps?: number;
          /** Fee of taking orders [bps] */
          readonly takerBps?: number;
          /** How late informed traders of this book hear of its value [s] */
          readonly informedDelayS?: number;
        };
        /** Lots of y in a position [lots] */
        readonly lots?: number;
        /** take: both legs send immediate-or-cancel orders at once; make: leg y rests at its best price and x hedges its fills */
        readonly orders?: 'take' | 'make';
        /** How much worse than the price seen a taking order may trade [ticks] */
        readonly slippageTicks?: number;
      };
  /** How the two prices belong together */
  readonly pair?: {
    /** The spread is one of logarithms of prices, or of prices */
    readonly scale?: 'log' | 'price';
    /** Hedge ratio: least squares, total least squares, a Kalman filter that goes on while trading, or `ratio` */
    readonly method?: 'ols' | 'total' | 'kalman' | 'given';
    /** Hedge ratio of the method given: the spread is y - ratio x [1] */
    readonly ratio?: number;
    /** Kalman: variance that intercept and slope gain per observation, over that of the noise; 0: least squares [1] */
    readonly stateNoise?: number;
    /** Lagged differences in the tests for cointegration; -1: chosen by AIC [1] */
    readonly lags?: number;
    /** Share of the observations, the first ones, that give ratio, tests and bands; the rest is traded. 1: all are used for both, in sample [1] */
    readonly formationShare?: number;
  };
  /** When the spread is bought and sold */
  readonly strategy?:
    | {
        readonly type: 'zscore';
        /** Distance from the mean at which a position is opened [sd] */
        readonly entry?: number;
        /** Distance from the mean, on the side of the position, at which it is closed [sd] */
        readonly exit?: number;
        /** Distance at which a position is given up; 0: never [sd] */
        readonly stop?: number;
        /** Spreads that give mean and deviation, the newest ones; 0: those of the formation [1] */
        readonly window?: number;
      }
    | {
        readonly type: 'bertram';
      }
    | {
        readonly type: 'bands';
        /** Distance from the mean of the formation at which a position is opened [spread] */
        readonly entry?: number;
        /** Distance at which it is closed, on the side of the position [spread] */
        readonly exit?: number;
        /** Distance at which a position is given up; 0: never [spread] */
        readonly stop?: number;
      }
    | {
        readonly type: 'lead-lag';
        /** Books only: how much better than what x says of it y must be offered, or bid, to be dealt [ticks of y] */
        readonly entryTicks?: number;
        /** Distance at which the position is closed, on its side [ticks of y] */
        readonly exitTicks?: number;
        /** Whether x, the leader, is dealt against y */
        readonly isHedged?: boolean;
      };
  /** What is dealt in */
  readonly legs?: {
    /** Units of y in a lot, 1000 for a future of 1,000 g [units] */
    readonly yMultiplier?: number;
    /** Units of x in a lot [units] */
    readonly xMultiplier?: number;
    /** Value of leg y that a position aims at [currency] */
    readonly capital?: number;
  };
  /** How deals are done over price series; books have their own latencies, fees and orders */
  readonly execution?: {
    /** Observations from a decision to its deal; 0: at the price that decided [1] */
    readonly delayObs?: number;
    /** Cost of a deal, of each leg [bps] */
    readonly costBps?: number;
    /** Cost of a deal, of each leg and lot [currency] */
    readonly costPerLot?: number;
  };
  /** Independent simulated pairs; 32 unless given, 16 of books. Given prices have one */
  readonly runs?: number;
  /** Rows of the time series of the first run */
  readonly seriesPoints?: number;
};

/** Statistical arbitrage. Trades the spread of two prices: hedge ratio by least squares, total least squares or a Kalman filter, tests for cointegration (Engle-Granger, Johansen), an Ornstein-Uhlenbeck fit with its half-life, and positions by z-score, by bands, or by Bertram's optimal bands, on simulated pairs, on your own bars, or in two simulated order books whose legs have queues, fees and latencies of their own; lead-lag arbitrage between venues. */
export type RequestStatArb = {
  readonly kind: 'stat-arb';
  readonly spec?: SpecStatArb;
  /** Selects the random streams; the same seed and spec give the same bytes. */
  readonly seed?: number;
  /** Each gets twice the compute time of the one below, while both wait. */
  readonly priority?: number;
  /** Seconds that the job has from its acceptance on; if it has not ended by then, queued or running, it ends as expired. */
  readonly timeoutS?: number;
};

/** Runs the models as simulations use them and compares what comes out with published tables, closed forms and identities: got, expected, tolerance and verdict, row by row. */
export type SpecValidate = {
  /** Checks to run, of V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12; none means all of them */
  readonly only?: readonly (
    'V1' | 'V2' | 'V3' | 'V4' | 'V5' | 'V6' | 'V7' | 'V8' | 'V9' | 'V10' | 'V11' | 'V12'
  )[];
};

/** Validation against published values. Runs the models as simulations use them and compares what comes out with published tables, closed forms and identities: got, expected, tolerance and verdict, row by row. */
export type RequestValidate = {
  readonly kind: 'validate';
  readonly spec?: SpecValidate;
  /** Selects the random streams; the same seed and spec give the same bytes. */
  readonly seed?: number;
  /** Each gets twice the compute time of the one below, while both wait. */
  readonly priority?: number;
  /** Seconds that the job has from its acceptance on; if it has not ended by then, queued or running, it ends as expired. */
  readonly timeoutS?: number;
};

/** What may be submitted, by kind. */
export interface Requests {
  readonly ShortForm: ShortForm;
  readonly calibrate: RequestCalibrate;
  readonly 'market-making': RequestMarketMaking;
  readonly paths: RequestPaths;
  readonly 'stat-arb': RequestStatArb;
  readonly validate: RequestValidate;
}
