/** scratch */
import { MUTANTS } from './mutants.js';
import { hunt, seedsFrom } from './hunt.js';
const names = process.argv.slice(3);
for (const m of MUTANTS.filter((m) => names.includes(m.name))) {
  const c = await hunt(process.cwd(), m, seedsFrom(1, Number(process.argv[2]))); console.log(m.name, c?.seed, c?.fault?.slice(0, 90));
}
process.exit(0);
