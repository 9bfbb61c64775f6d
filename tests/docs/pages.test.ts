/** Every command of tutorials and runbooks is run, those of a runbook beside a running service. */
import { describe, expect, it } from 'vitest';
import { pagesIn, wholePage, type Unit } from './pages.js';
import { runUnit } from './run-unit.js';
import { whyNoShell } from './shell.js';

const why = whyNoShell();
const skipped = why === null ? '' : ` (SKIPPED, no namespaces here: ${why})`;

async function expectAllWork(unit: Unit): Promise<void> {
  const { failures, lookedAt, withoutData } = await runUnit(unit);
  for (const command of withoutData) console.warn(`left out, ../shared is absent: ${command}`);
  for (const command of lookedAt) console.warn(`not run: ${command}`);
  expect(failures).toEqual([]);
}

describe(`tutorials and runbooks${skipped}`, () => {
  it.skipIf(why !== null).each(pagesIn('docs/tutorials'))(
    '%s works from its first line to its last',
    (page) => expectAllWork(wholePage(page)),
    120_000,
  );

  it.skipIf(why !== null)(
    'every command of every runbook works beside a running service',
    async () => {
      const pages = pagesIn('docs/runbooks').map(wholePage);
      expect(pages.length).toBeGreaterThan(14);
      const serve = { line: 0, text: 'npx mms serve' };
      const commands = [serve, ...pages.flatMap((page) => page.commands)];
      await expectAllWork({ page: 'docs/runbooks', commands });
    },
    120_000,
  );
});
