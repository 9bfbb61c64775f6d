/** A node as its own process, from dist: ROUTER THREADS ID KINDS_URL [VERSION [SERVER_KEY KEY_FILE]]. */
interface Handle {
  readonly closed: Promise<void>;
  drain(): Promise<void>;
}
type Start = (options: object) => Handle;
interface Supervise {
  whenParentGone(onGone: () => void): void;
}
interface KeyFiles {
  readNodeKeys(serverKey: string | undefined, keyFile: string | undefined): object | undefined;
}

const dist = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;
const { whenParentGone } = (await import(dist('node/supervise.js'))) as Supervise;
const { readNodeKeys } = (await import(dist('wire/key-files.js'))) as KeyFiles;

const [router, threads, id, kinds, version = '1.0.0', serverKey, keyFile] = process.argv.slice(2);
const startNode = router!.startsWith('nats:')
  ? ((await import(dist('node/nats/node.js'))) as { startNatsNode: Start }).startNatsNode
  : ((await import(dist('node/socket.js'))) as { startNode: Start }).startNode;
const log = (line: string): void => void process.stdout.write(`${line}\n`);
const keys = readNodeKeys(serverKey, keyFile);
const node = startNode({
  router,
  threads: Number(threads),
  id,
  kindsDir: new URL(kinds!),
  version,
  log,
  ...(keys && { keys }),
});
whenParentGone(() => process.exit(0));
process.on('SIGTERM', () => void node.drain());
node.closed.then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  },
);
