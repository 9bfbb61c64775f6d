/**
 * What a strategy file sees and says. config/strategy/mms-strategy.txt tells users the same, in their words;
 * the two must agree.
 */

/** The market as the trader has heard of it, and its own position. -1 stands for an unknown price. */
export interface UserMarket {
  tNs: number;
  timeLeftS: number;
  bidTicks: number;
  askTicks: number;
  midTicks: number;
  bidLots: number;
  askLots: number;
  inventoryLots: number;
  openBidLots: number;
  openAskLots: number;
}

/** Wishes of a strategy; they hold until they are changed. */
export interface UserOrders {
  bid(priceTicks: number, lots: number): void;
  ask(priceTicks: number, lots: number): void;
  cancelBid(): void;
  cancelAsk(): void;
  buy(lots: number, limitTicks?: number): void;
  sell(lots: number, limitTicks?: number): void;
}

export interface UserFill {
  side: 'buy' | 'sell';
  priceTicks: number;
  lots: number;
}

export interface UserTrade {
  priceTicks: number;
  lots: number;
  aggressor: 'buy' | 'sell' | null;
}

export interface UserStrategy {
  onBook(market: UserMarket, orders: UserOrders): void;
  onFill?(fill: UserFill, market: UserMarket, orders: UserOrders): void;
  onTrade?(trade: UserTrade, market: UserMarket, orders: UserOrders): void;
  onTimer?(market: UserMarket, orders: UserOrders): void;
}

export type ParameterValue = number | boolean | string;

export interface ParameterDecl {
  readonly type: 'number' | 'integer' | 'boolean' | 'string';
  readonly default: ParameterValue;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
  readonly unit?: string;
  readonly description: string;
}

export interface UserTools {
  /** Uniform on [0, 1), the same for the same seed and run. */
  random(): number;
}

/** What a strategy file exports by default. */
export interface UserModule {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, ParameterDecl>>;
  /** Whether it hears of the sizes at the best prices, and decides on their changes too. */
  readonly sizes?: boolean;
  create(parameters: Readonly<Record<string, ParameterValue>>, tools: UserTools): UserStrategy;
}
