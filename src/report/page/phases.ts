/** Call auctions and halts behind a chart: a band for each, and a diamond where a call found its price. */
/// <reference lib="dom" />
import type { default as UPlot } from 'uplot';
import { clip, css, visible } from './canvas.js';
import { phases, tick } from './data.js';

/** `what` of a call auction; anything else is a halt. */
const CALL = 1;
/** Least width of a band, so that a short call is seen in a long run. */
const LEAST_PX = 1;

function inView(u: UPlot): number[] {
  const [from, to] = visible(u);
  return phases.from.flatMap((start, i) => (start <= to && (phases.to[i] ?? start) >= from ? [i] : []));
}

/** Bands behind the lines; of calls that follow one another at once, as in a batch market, there are none. */
export function drawPhases(u: UPlot): void {
  clip(u, (ctx) => {
    for (const i of inView(u)) {
      const left = u.valToPos(phases.from[i] ?? 0, 'x', true);
      const right = u.valToPos(phases.to[i] ?? 0, 'x', true);
      if (phases.to[i] === phases.from[i + 1]) continue;
      ctx.fillStyle = css(phases.what[i] === CALL ? 'call' : 'halt');
      ctx.fillRect(left, u.bbox.top, Math.max(LEAST_PX * devicePixelRatio, right - left), u.bbox.height);
    }
  });
}

/** A diamond at the end of each call that traded, at its price; smaller when there are many. */
export function drawAuctionPrices(u: UPlot): void {
  const calls = inView(u).filter((i) => (phases.price[i] ?? -1) >= 0);
  const size = devicePixelRatio * (calls.length > 200 ? 2.5 : 5.5);
  clip(u, (ctx) => {
    ctx.fillStyle = css('inventory');
    ctx.strokeStyle = css('panel');
    for (const i of calls) {
      const x = u.valToPos(phases.to[i] ?? 0, 'x', true);
      const y = u.valToPos((phases.price[i] ?? 0) * tick, 'y', true);
      ctx.beginPath();
      for (const [dx, dy] of [
        [0, -1],
        [1, 0],
        [0, 1],
        [-1, 0],
      ] as const)
        ctx.lineTo(x + dx * size, y + dy * size);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    }
  });
}
