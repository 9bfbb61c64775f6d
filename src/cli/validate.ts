/** `mms validate`: runs kind validate here, prints every line with its verdict, and fails on a miss. */
import type { JobResult } from '../contract/ports.js';
import { checkIds, explainAll, explainCheck } from '../report/proof-words.js';
import { badInput, EXIT } from './exit.js';
import type { Io } from './io.js';
import { readJobArgs } from './job-args.js';
import { addRunOptions, runJob, type Ending } from './run.js';
import type { Services } from './services.js';

const VALIDATE: Ending = {
  verb: 'validate',
  addOptions(command) {
    addRunOptions(command);
    command.option(
      '--explain [check]',
      'tell what a check does and why, e.g. V1; without a name: all of them',
    );
  },
  async lines(view, result, report, paint) {
    const { proofLines } = await import('../report/proof.js');
    return proofLines(view, result, report, paint);
  },
  exitCode: (result: JobResult) => (missesOf(result) === 0 ? EXIT.ok : EXIT.failed),
};

/**
 * Resolves with the exit code: 0 when every row lies within its tolerance, 1 when one does not or the run
 * failed.
 */
export async function validate(args: readonly string[], services: Services, io: Io): Promise<number> {
  const job = await readJobArgs(VALIDATE.verb, ['validate', ...args], services, io, VALIDATE.addOptions);
  const wanted = job.options['explain'] as string | true | undefined;
  if (wanted === undefined) return runJob(job, services, io, VALIDATE);
  io.out(wanted === true ? explainAll() : explainOne(wanted));
  return EXIT.ok;
}

function explainOne(id: string): string {
  const text = explainCheck(id.toUpperCase());
  if (text !== null) return text;
  throw badInput(`--explain: Expected one of ${checkIds().join(', ')}; got ${JSON.stringify(id)}.`);
}

function missesOf(result: JobResult): number {
  return result.summary.metrics.find((metric) => metric.name === 'misses')!.value!;
}
