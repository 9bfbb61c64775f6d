/** `make costs`: what every kind says of its cost beside what it takes; `--only TEXT` takes some. */
import { parseArgs } from 'node:util';
import type { Run } from '../../../src/contract/kind.js';
import { createRegistry } from '../../../src/kinds/registry.js';
import { measure } from './measure.js';
import { VARIANTS } from './variants.js';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const registry = createRegistry();
const ms = (ns: number): string => (ns / 1e6).toFixed(2).padStart(9);
const kb = (bytes: number): string => (bytes / 1024).toFixed(1).padStart(9);
console.log(
  `${'variant'.padEnd(45)} estimate ms  taken ms  ratio   result KiB  actual  ratio   thread KiB  actual`,
);
let misses = 0;
for (const variant of VARIANTS) {
  if (!`${variant.kind} ${variant.name}`.includes(values.only)) continue;
  const kind = await registry.get(variant.kind);
  const { run } = (await import(`../../../src/kinds/${variant.kind}/run.js`)) as { run: Run };
  const { cost, estimatedNs, measuredNs, resultBytes, threadBytes } = measure({ kind, run }, variant);
  const ratio = estimatedNs / measuredNs;
  const bytesOff = cost.resultBytes < resultBytes || cost.resultBytes > 2 * resultBytes + 4_096;
  const isOff = ratio > 2 || ratio < 0.5;
  if (isOff || bytesOff) misses++;
  console.log(
    `${`${variant.kind} ${variant.name}`.padEnd(46)} ${ms(estimatedNs)} ${ms(measuredNs)} ${ratio.toFixed(2).padStart(6)}${isOff ? '*' : ' '}   ` +
      `${kb(cost.resultBytes)} ${kb(resultBytes)}${bytesOff ? '*' : ' '}  ${kb(cost.threadBytes)} ${kb(threadBytes)}`,
  );
}
console.log(`${misses} of ${VARIANTS.length} variants are off`);
