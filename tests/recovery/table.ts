/** The table of recovery in words: for the terminal and for docs/recovery.md. */
import { isEnough, leastShare, type Row } from './case.js';

const HEAD = ['calibrator', 'sample', 'parameter', 'truth', 'held', 'too low', 'too high', ''];

function cellsOf(row: Row): string[] {
  const { calibrator, sample, parameter, truth, seeds, held, below, above } = row;
  const share = (100 * held) / seeds;
  return [
    ...[calibrator, sample, parameter, String(Number(truth.toPrecision(4)))],
    ...[`${held} of ${seeds} (${share.toFixed(1)} %)`, String(below), String(above)],
    isEnough(row) ? '' : 'MISSED',
  ];
}

/** Columns of equal width. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, c) => Math.max(...lines.map((line) => line[c]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, c) => cell.padEnd(widths[c]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** docs/recovery.md. */
export function pageOf(rows: readonly Row[]): string {
  const seeds = rows[0]!.seeds;
  const shares = rows.map(({ held }) => held / seeds);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const per = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const body = rows.map((row) => `| ${cellsOf(row).slice(0, -1).join(' | ')} |`);
  return [
    '# Recovery',
    '',
    'Known parameters are simulated and fitted again, and this counts how many of the 95 % intervals held the truth. `make recovery`',
    `prints it; each row must hold ${100 * leastShare(seeds)} % of ${seeds} samples, which exact intervals miss once in 70,000 rows. Samples differ by their number`,
    'alone, no seed is chosen, and a sample without an interval of a parameter counts as a miss. Too low and too high count the',
    'intervals that lie wholly below and wholly above the truth.',
    '',
    `Of ${rows.length} parameters the least is ${per(Math.min(...shares))}, the mean ${per(mean)}.`,
    '',
    `| ${HEAD.slice(0, -1).join(' | ')} |`,
    `| ${HEAD.slice(0, -1)
      .map((_, c) => (c > 3 ? '---:' : '---'))
      .join(' | ')} |`,
    ...body,
    '',
  ].join('\n');
}
