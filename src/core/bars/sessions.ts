/** Bars of other widths made of narrower ones, within trading sessions: no bar reaches over a break. */
import type { Bars } from './bars.js';

/**
 * Stretches of a day in which there is trading, each [open, close) in s after midnight of the clock that the
 * bars are written in; in order, apart from each other, within the day.
 */
export type Session = readonly (readonly [openS: number, closeS: number])[];

const DAY_S = 86_400;

/** 9:30-11:30 and 13:00-15:00: the stock exchanges of mainland China. */
export const CHINA_SESSION: Session = [
  [34_200, 41_400],
  [46_800, 54_000],
];

/**
 * Starts of a day's bars of `widthS` seconds, in s after midnight: each stretch is cut from its own opening
 * on, so that its last bar is shorter where the width does not divide it. Throws for a width or session that
 * is none.
 */
export function barStarts(widthS: number, session: Session): number[] {
  checkSession(widthS, session);
  return session.flatMap(([openS, closeS]) =>
    Array.from({ length: Math.ceil((closeS - openS) / widthS) }, (_, k) => openS + k * widthS),
  );
}

export interface Aggregated {
  readonly bars: Bars;
  /** Bars left out because they start outside the session. */
  readonly outside: number;
}

/**
 * Bars of `widthS` seconds: first open, highest high, lowest low, last close and adjusted close, sum of
 * volumes; timeS is where the wide bar starts. With a session each of its stretches is cut from its opening
 * on and bars that start outside are left out and counted; with null, bars start at multiples of the width
 * since 1970. A wide bar without any narrow one is absent. timeS of `bars` must be starts of bars: where a
 * source writes their ends, take a bar's width off first. One pass, O(rows). Throws as barStarts() does.
 */
export function aggregateBars(bars: Bars, widthS: number, session: Session | null): Aggregated {
  checkSession(widthS, session ?? []);
  const rows = bars.timeS.length;
  const column = (): Float64Array => new Float64Array(rows);
  const out = {
    timeS: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    adjClose: column(),
    volume: column(),
  };
  let last = -1;
  let outside = 0;
  for (let i = 0; i < rows; i++) {
    const startS = startOf(bars.timeS[i], widthS, session);
    if (Number.isNaN(startS)) {
      outside++;
      continue;
    }
    if (last < 0 || startS !== out.timeS[last]) {
      last++;
      out.timeS[last] = startS;
      out.open[last] = bars.open[i];
      out.high[last] = bars.high[i];
      out.low[last] = bars.low[i];
    } else {
      if (bars.high[i] > out.high[last]) out.high[last] = bars.high[i];
      if (bars.low[i] < out.low[last]) out.low[last] = bars.low[i];
    }
    out.close[last] = bars.close[i];
    out.adjClose[last] = bars.adjClose[i];
    out.volume[last] += bars.volume[i];
  }
  const cut = Object.entries(out).map(([name, values]) => [name, values.slice(0, last + 1)]);
  return { bars: Object.fromEntries(cut) as Bars, outside };
}

/** Start of the wide bar that holds a time; NaN outside the session. */
function startOf(timeS: number, widthS: number, session: Session | null): number {
  if (session === null) return Math.floor(timeS / widthS) * widthS;
  const midnightS = Math.floor(timeS / DAY_S) * DAY_S;
  const secondS = timeS - midnightS;
  for (const [openS, closeS] of session) {
    if (secondS < openS) return NaN;
    if (secondS < closeS) return midnightS + openS + Math.floor((secondS - openS) / widthS) * widthS;
  }
  return NaN;
}

function checkSession(widthS: number, session: Session): void {
  if (!(widthS > 0 && widthS <= DAY_S)) throw new Error(`expected a width of 1 to ${DAY_S} s; got ${widthS}`);
  let beforeS = 0;
  for (const [openS, closeS] of session) {
    if (!(openS >= beforeS && closeS > openS && closeS <= DAY_S)) {
      throw new Error(
        `expected a session in order within 0..${DAY_S} s; got ${openS}..${closeS} after ${beforeS}`,
      );
    }
    beforeS = closeS;
  }
}
