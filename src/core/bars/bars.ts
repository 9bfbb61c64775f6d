/** Bars as columns: open, high, low, close, adjusted close and volume of equal stretches of time. */

/** The columns of a table of bars in order: the importer `bars` makes them, barsOf() names them. */
export const BAR_COLUMNS = ['timeS', 'open', 'high', 'low', 'close', 'adjClose', 'volume'] as const;

/**
 * Arrays of equal length, oldest bar first. timeS: s since 1970 as the source writes it, rising strictly;
 * prices in currency; volume >= 0 in units. A column that the source lacks is NaN throughout; timeS and close
 * are always there. Strategy passes run over BarTable.of({ close, fill: open }), or adjClose and its like.
 */
export type Bars = Readonly<Record<(typeof BAR_COLUMNS)[number], Float64Array>>;

/** Names the columns of a table of bars, e.g. barsOf(inputs.prices.tables[0].columns).adjClose. */
export function barsOf(columns: readonly unknown[]): Bars {
  const [timeS, open, high, low, close, adjClose, volume] = columns as readonly Float64Array[];
  if (columns.length !== BAR_COLUMNS.length) throw new Error(`bars have ${BAR_COLUMNS.length} columns`);
  return { timeS, open, high, low, close, adjClose, volume } as Bars;
}
