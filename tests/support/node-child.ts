/** A node as its own process, from the built program: node-child.ts ROUTER THREADS ID KINDS_URL [VERSION]. */
interface Handle {
  readonly closed: Promise<void>;
  drain(): Promise<void>;
}
type Start = (options: object) => Handle;
interface Supervise {
  whenParentGone(onGone: () => void): void;
}

const dist = (path: string): string => new URL(`../../dist/node/${path}`, import.meta.url).href;
const { whenParentGone } = (await import(dist('supervise.js'))) as Supervise;

const [router, threads, id, kinds, version = '1.0.0'] = process.argv.slice(2);
const startNode = router!.startsWith('nats:')
  ? ((await import(dist('nats/node.js'))) as { startNatsNode: Start }).startNatsNode
  : ((await import(dist('socket.js'))) as { startNode: Start }).startNode;
const log = (line: string): void => void process.stdout.write(`${line}\n`);
const node = startNode({ router, threads: Number(threads), id, kindsDir: new URL(kinds!), version, log });
whenParentGone(() => process.exit(0));
process.on('SIGTERM', () => void node.drain());
node.closed.then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  },
);
