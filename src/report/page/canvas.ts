/** What the drawings on a chart's canvas share. */
/// <reference lib="dom" />
import type { default as UPlot } from 'uplot';

/** A colour of the style sheet, by the name of its variable. */
export function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The times in view. */
export function visible(u: UPlot): [number, number] {
  return [u.scales.x?.min ?? 0, u.scales.x?.max ?? 0];
}

/** Draws within the plot. */
export function clip(u: UPlot, draw: (ctx: CanvasRenderingContext2D) => void): void {
  u.ctx.save();
  u.ctx.beginPath();
  u.ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  u.ctx.clip();
  draw(u.ctx);
  u.ctx.restore();
}
