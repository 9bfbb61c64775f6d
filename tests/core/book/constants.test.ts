/** The numbers that matching.ts writes out are the named ones. */
import { expect, it } from 'vitest';
import * as c from '../../../src/core/book/codes.js';
import * as e from '../../../src/core/book/events.js';
import * as m from '../../../src/core/book/memory.js';

it('are as the header of matching.ts says', () => {
  expect([m.PREV, m.QTY, m.LEVEL, m.ID, m.EXTRA, m.SPECIAL]).toEqual([1, 2, 3, 4, 5, 5]);
  expect([c.BUY, c.NIL, c.TIF_GTC, c.TIF_FOK, c.TIF_POST_ONLY, c.TIF_SLIDE]).toEqual([0, -1, 0, 2, 3, 4]);
  expect([e.EVENT_REST, e.EVENT_CANCEL, e.EVENT_FILL, e.EVENT_DONE, e.CAUSE_CANCEL]).toEqual([0, 1, 3, 4, 0]);
  expect([c.SELL, c.TIF_IOC, e.CAUSE_SHIFT]).toEqual([1, 1, 16]);
  expect([e.EVENT_WORDS, e.SIDE_SHIFT, m.EVENTS_END]).toEqual([8, 8, 4096]);
});
