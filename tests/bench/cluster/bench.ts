/** What a part of `make bench-cluster` is, and the commonest one: our rate over the peer's, in turns. */
import { median } from '../measure.js';
import { RATIO } from '../plan.js';
import { type Row, rowOf } from '../table.js';

export interface Bench {
  /** Names of its rows. */
  readonly names: readonly string[];
  /** Starts what is measured, warms it up, takes `rounds` samples of each side in turns, ends it. */
  run(rounds: number): Promise<Row[]>;
}

interface Sides {
  /** How the peer was set up. */
  readonly note: string;
  /** Units of work per second. */
  ours(): Promise<number>;
  theirs(): Promise<number>;
  close(): Promise<void>;
}

interface Versus {
  readonly name: string;
  readonly must: number;
  readonly aim: number;
  open(): Promise<Sides>;
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

export const thousands = (rate: number): string => `${(rate / 1e3).toFixed(1)} k/s`;

/** A row of ratios, one per round. */
export function ratioBench({ name, must, aim, open }: Versus): Bench {
  return {
    names: [name],
    async run(rounds) {
      const sides = await open();
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round++) {
        theirs.push(await sides.theirs());
        ours.push(await sides.ours());
      }
      await sides.close();
      say(`${name}: ${thousands(median(ours))} against ${thousands(median(theirs))}; ${sides.note}`);
      return [
        rowOf(
          { ...RATIO, tolerance: null, name, must, aim },
          ours.map((rate, i) => rate / theirs[i]!),
        ),
      ];
    },
  };
}
