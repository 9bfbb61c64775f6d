/** Colours, where a person sees them and wants them. */
import { createColors } from 'picocolors';
import type { Io } from './io.js';

export type Paints = ReturnType<typeof createColors>;

/** Colour on a terminal, unless --no-color, NO_COLOR or TERM=dumb say otherwise. */
export function paints(io: Io, terminal: boolean, color: boolean): Paints {
  return createColors(color && terminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb');
}
