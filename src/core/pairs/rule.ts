/**
 * When to hold a spread: bought far below its mean, sold far above, closed on the way back or when it runs
 * away.
 *
 * The distance from the mean is counted in units that the caller chooses: standard deviations, Bertram's half
 * width, or the spread's own. A negative exit holds on until the spread has come out on the other side; an
 * exit of minus the entry turns the position round there. After a stop nothing is opened until the spread is
 * inside the entry bands again.
 */

export interface RuleLevels {
  /** Distance at which a position is opened, > 0. */
  readonly entry: number;
  /** Distance, counted on the side of the position, at which it is closed; below `entry`. */
  readonly exit: number;
  /** Distance at which it is given up, above `entry`; Infinity for never. */
  readonly stop: number;
}

export const STAY = 0;
export const LONG = 1;
export const SHORT = -1;

/** Why a position was closed. */
export const BY_EXIT = 0;
export const BY_STOP = 1;
export const BY_END = 2;

export class SpreadRule {
  /** The position that is wanted: LONG, SHORT or STAY. */
  wanted = STAY;
  /** Why the last position was closed. */
  reason = BY_EXIT;
  private readonly levels: RuleLevels;
  private blocked = false;

  constructor(levels: RuleLevels) {
    this.levels = levels;
  }

  /** Takes the next distance from the mean, positive above it, and returns the position that is wanted. */
  next(distance: number): number {
    const { entry, exit, stop } = this.levels;
    const size = Math.abs(distance);
    if (size < entry) this.blocked = false;
    if (this.wanted !== STAY) {
      // On the side where it was bought or sold this is positive.
      const away = -this.wanted * distance;
      if (away >= stop) {
        this.reason = BY_STOP;
        this.wanted = STAY;
        this.blocked = true;
      } else if (away <= exit) {
        this.reason = BY_EXIT;
        this.wanted = STAY;
      }
    }
    if (this.wanted === STAY && !this.blocked && size >= entry && size < stop) {
      this.wanted = distance < 0 ? LONG : SHORT;
    }
    return this.wanted;
  }
}
