/** Words of messages that are no words: a map whose toString is none either must be a WireError. */
import { describe, expect, it } from 'vitest';
import { encode, WireError } from '../../src/wire/codec.js';
import { checkTableHeaders } from '../../src/wire/frames.js';
import { decodeNodeMessage, decodeRouterMessage } from '../../src/wire/messages.js';

const odd = { toString: 1, valueOf: 1 };

describe('a word that is a map without a text', () => {
  it('is refused as the type of a message and of a column', () => {
    for (const read of [decodeNodeMessage, decodeRouterMessage])
      expect(() => read([encode({ type: odd })])).toThrow(WireError);
    expect(() => checkTableHeaders([['t', 1, [odd]]])).toThrow(WireError);
  });
});
