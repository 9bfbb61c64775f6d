/** What the help of every command begins with: lines that can be typed as they stand. */

/** Words of a command after `mms` -> its lines after `mms`, most wanted first. Groups show their members'. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  run: ['run', 'run market-making --strategy fixed --halfSpreadTicks 2 --seed 7', 'run paths --help'],
  'run market-making': [
    'run market-making --strategy fixed --halfSpreadTicks 2 --seed 7',
    'run market-making --market hawkes --runs 64 --json',
    'run market-making --messages msg.csv.gz --orderbook book.csv.gz',
  ],
  'run paths': ['run paths --paths 100000 --sampling exact', 'run paths --model heston --rho=-0.6'],
  'run stat-arb': [
    'run stat-arb --runs 100',
    'run stat-arb --source files --yFile a.csv --xFile b.csv --column close',
  ],
  'run calibrate': [
    'calibrate prices.csv --column close --out fitted',
    'run calibrate --data bars --data.file prices.csv --model gbm',
  ],
  'run validate': ['run validate --json'],
  submit: ['submit market-making --seed 7 --wait', 'submit paths --paths 100000 --timeout 30'],
  compare: [
    'compare a.yaml b.yaml --runs 64',
    'compare "{strategy: {type: fixed}}" "{strategy: {type: adaptive}}" --runs 64',
  ],
  sweep: [
    'sweep --grid gamma=0.01..1:log25 --grid quoteLots=1..4 --repeats 4 --runs 2 --seed 7 --out sweep',
    'sweep --grid strategy=fixed,adaptive,glft --grid everyMs=100,1000 --repeats 8',
    'sweep paths --lhs 200 --vary sigmaPerSqrtYr=0.1..0.5 --vary driftPerYr=0..0.1 --metric terminalSd --min',
    'sweep sweep.yaml --out sweep',
  ],
  across: ['across --strategy fixed --halfSpreadTicks 1'],
  study: ['study AMZN_message_1.csv.gz --strategy fixed --halfSpreadTicks 6 --save market.json'],
  validate: ['validate', 'validate --explain V1'],
  calibrate: [
    'calibrate message.csv.gz orderbook.csv.gz --out market.yaml',
    'calibrate prices.csv --column close --model garch',
  ],
  serve: ['serve', 'serve --port 9000 --threads 4 --store /var/lib/mms/mms.db'],
  node: ['node --router tcp://10.0.0.7:7777 --server-key KEY --key-file desk.key --threads 8'],
  'key create': [
    'key create --name desk --expires 90d',
    'key create --name robot --rate 600 --in-flight 8 --out robot-api-key',
  ],
  'key list': ['key list'],
  'key revoke': ['key revoke KEY_ID'],
  'keys new': ['keys new mms-keys desk attic'],
  backup: ['backup mms-backup.db'],
  restore: ['restore mms-backup.db --verify', 'restore mms-backup.db --replace'],
  'config check': ['config check mms.config.yaml', 'config check'],
  'config show': ['config show --origin', 'config show --preset laptop --port 9000'],
  status: ['status', 'status JOB_ID --wait'],
  cancel: ['cancel JOB_ID'],
  dead: ['dead --json'],
  requeue: ['requeue JOB_ID', 'requeue --all'],
  kinds: ['kinds', 'kinds market-making'],
  instruments: ['instruments'],
  markets: ['markets'],
  doctor: ['doctor'],
  'data inspect': ['data inspect feed.itch.gz'],
  'strategy new': ['strategy new my-maker'],
  'strategy check': ['strategy check my-maker.ts'],
};

/**
 * The block that help begins with, for `words` such as 'keys new', or 'run paths', which falls back to 'run';
 * '' for a command without examples.
 */
export function examplesText(words: string): string {
  const own = EXAMPLES[words] ?? membersOf(words) ?? EXAMPLES[words.split(' ')[0] ?? ''] ?? [];
  return own.length === 0 ? '' : `Examples:\n${own.map((line) => `  mms ${line}\n`).join('')}`;
}

/** First examples of the commands of a group; null when it is none. */
function membersOf(group: string): string[] | null {
  const members = Object.keys(EXAMPLES).filter((words) => words.startsWith(`${group} `));
  return EXAMPLES[group] || members.length === 0 ? null : members.map((words) => EXAMPLES[words]![0]!);
}
