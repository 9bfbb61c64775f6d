/**
 * The reference loop: integer mixing, a division and a table look-up in 32 KiB, as kernels do. On the machine
 * for which costs are stated (contract/kind.ts) it takes REFERENCE_NS.
 */
export const REFERENCE_NS = 5e6;

const STEPS = 1_000_000;
const table = new Float64Array(4_096).fill(1);

/** Nanoseconds of processor time that the loop takes now. */
export function referenceLoop(): number {
  const start = process.cpuUsage();
  let a = 1;
  let sum = 0;
  for (let i = 0; i < STEPS; i++) {
    a ^= a << 13;
    a ^= a >>> 17;
    a ^= a << 5;
    const at = a & 4_095;
    sum += table[at]! / (1 + (a & 7));
    table[at] = sum - Math.floor(sum);
  }
  const { user, system } = process.cpuUsage(start);
  // The sum is used, so that the loop is not left out.
  return sum === -1 ? 0 : 1e3 * (user + system);
}
