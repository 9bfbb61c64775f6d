/** scratch */
import { MUTANTS } from './mutants.js';
import { hunt, seedsFrom } from './hunt.js';
for (const m of MUTANTS) {
  const t = performance.now();
  try { const c = await hunt(process.cwd(), m, seedsFrom(1, Number(process.argv[2]))); console.log(m.name, c?.seed, c?.fault?.slice(0, 90), ((performance.now() - t) / 1000).toFixed(1)); } catch (e) { console.log(m.name, 'ERR', (e as Error).message.slice(0, 300)); }
}
process.exit(0);
