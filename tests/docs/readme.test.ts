/** Every command of README.md is run, each block in a folder and a shell of its own. */
import { describe, expect, it } from 'vitest';
import { blocksOf } from './pages.js';
import { runUnit } from './run-unit.js';
import { whyNoShell } from './shell.js';

const why = whyNoShell();
const skipped = why === null ? '' : ` (SKIPPED, no namespaces here: ${why})`;
const units = blocksOf('README.md');

describe(`README.md${skipped}`, () => {
  it('marks each block of commands as sh', () => {
    expect(units.length).toBeGreaterThan(15);
  });

  it.skipIf(why !== null).each(units.map((unit) => ({ line: unit.commands[0]?.line, unit })))(
    'works as it stands at line $line',
    async ({ unit }) => {
      const { failures, lookedAt, withoutData } = await runUnit(unit);
      for (const command of withoutData) console.warn(`left out, ../shared is absent: ${command}`);
      for (const command of lookedAt) console.warn(`not run: ${command}`);
      expect(failures).toEqual([]);
    },
    120_000,
  );
});
