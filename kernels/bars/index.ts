/** What the passes over bars export; src/core/bars wraps them. */
export { allot, state } from './memory';
export { dualAverage, macdCross, rsiReversal } from './passes';
