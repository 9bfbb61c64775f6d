/** R14: the power fails between any two writes; the crash images of tests/store/power-loss.test.ts. */
import { readFileSync } from 'node:fs';
import { missingPrograms } from '../machine.js';
import type { Row } from '../row.js';

const IMAGES = 90;

export const powerLoss: Row = {
  id: 'R14',
  fault: `the power fails: ${IMAGES} crash images (make power-loss takes 3,000)`,
  mustSee: 'no acknowledged job lost, no file damaged; the same test with synchronous=NORMAL loses some',
  missing: () => missingPrograms({ gcc: 'gcc', npx: 'npm' }),
  async run(lab) {
    const vitest = [
      'npx',
      '--no-install',
      'vitest',
      'run',
      'tests/store/power-loss.test.ts',
      '--reporter=json',
    ];
    const output = `${lab.dir()}/report.json`;
    const test = lab.run([...vitest, `--outputFile=${output}`], {
      cwd: process.cwd(),
      env: { POWER_LOSS_IMAGES: `${IMAGES}` },
    });
    const code = await test.ended;
    const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as {
      testResults: { assertionResults: { status: string; title: string; failureMessages: string[] }[] }[];
    };
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = results.filter(({ status }) => status !== 'passed');
    if (code !== 0 || failed.length > 0 || results.length < 2)
      throw new Error(
        failed.map(({ title, failureMessages }) => `${title}: ${failureMessages[0]}`).join('; ') ||
          `ended with ${code}`,
      );
    return results.map(({ title }) => title).join('; ');
  },
};
