/** Programs in turns: warm-ups, passes, groups, digests that differ, and programs that do not answer. */
import { expect, it } from 'vitest';
import { inTurns, type Program } from './runner.js';

/** A program that answers its n-th line (from 0) with this JavaScript expression of n. */
function program(answer: string): Program {
  const loop = `let n = 0; require('readline').createInterface({ input: process.stdin })`;
  return {
    command: process.execPath,
    args: ['-e', `${loop}.on('line', () => { console.log(${answer}); n++; })`],
  };
}

it('drops the warm-ups and returns the numbers of each pass', async () => {
  const fast = { ...program("n + ' 7 same'"), passes: 2 };
  const slow = program("10 * n + ' same'");
  const [a, b] = await inTurns([fast, slow], 1, 2);
  expect(a!.map(({ numbers }) => numbers)).toEqual([2, 3, 4, 5].map((n) => [n, 7]));
  expect(b!.map(({ numbers }) => numbers)).toEqual([[10], [20]]);
});

it('refuses another digest within a group, of another program or of the same one', async () => {
  const [a, b] = [program("'1 aa'"), program("'1 bb'")];
  await expect(inTurns([a, b], 0, 1)).rejects.toThrow(/digest bb, but aa of/);
  await expect(inTurns([program("'1 ' + n")], 0, 2)).rejects.toThrow(/digest 1, but 0 of/);
  expect(await inTurns([a, { ...b, group: 'other' }], 0, 1)).toHaveLength(2);
});

it('says which program does not answer, or answers something else', async () => {
  await expect(inTurns([program('process.exit(3)')], 0, 1)).rejects.toThrow(/ended before it answered/);
  await expect(inTurns([program("'fast aa'")], 0, 1)).rejects.toThrow(
    /"fast aa": expected numbers and a digest/,
  );
});
