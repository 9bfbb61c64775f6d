/** Large specs by name: which, the same name for the same content, and the same value at the other end. */
import { describe, expect, it } from 'vitest';
import { WireError } from '../../src/wire/codec.js';
import { INLINE_SPEC_BYTES, readSpec, shareSpec } from '../../src/wire/shared-spec.js';

const specOf = (value: number) => ({ data: new Array<number>(3_000).fill(value + 0.5), note: `n${value}` });

describe('shared specs', () => {
  it('are those above the bound, named by their content', () => {
    expect(shareSpec({ text: 'x'.repeat(INLINE_SPEC_BYTES - 20) })).toBeNull();
    const [one, again, other] = [specOf(1), specOf(1), specOf(2)].map((spec) => shareSpec(spec)!);
    expect(again!.digest).toBe(one!.digest);
    expect(other!.digest).not.toBe(one!.digest);
    expect(readSpec(one!.tables)).toEqual(specOf(1));
  });

  it('are refused where their bytes are not what they were', () => {
    const { tables } = shareSpec(specOf(1))!;
    const bytes = tables[0]!.columns[0] as Uint8Array;
    const cut = [{ name: 'spec', rows: 100, columns: [bytes.subarray(0, 100)] }];
    expect(() => readSpec(cut)).toThrow(WireError);
    expect(() => readSpec([])).toThrow(WireError);
    expect(() => readSpec([{ name: 'spec', rows: 1, columns: [Float64Array.of(1)] }])).toThrow(WireError);
  });
});
