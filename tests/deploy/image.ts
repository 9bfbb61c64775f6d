/**
 * The Dockerfile carried out without a container engine: each stage is a folder whose RUN lines run inside it
 * as their root, with this machine's system and Node.js in the place of the base image. FROM, COPY, RUN,
 * WORKDIR, ENV, USER and what only describes the image are all it knows; any other instruction is an error.
 */
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readDockerfile, type Stage, type Step } from './dockerfile.js';
import { PATH, runWithin } from './profile.js';

export interface Image {
  /** Folder with the files of the last stage. */
  readonly root: string;
  readonly workdir: string;
  /** ENV of the last stage. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly healthcheck: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
}

/** Instructions whose words are taken over as they are. */
const DESCRIBE = ['LABEL', 'VOLUME', 'EXPOSE'];
/** Of the environment only what npm and programs need: the base image would have no more. */
const KEPT_ENV = /^(HOME|LANG|npm_config_.*|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i;

export interface BuildOptions {
  /** The project: what COPY takes from, and the home of Dockerfile and .dockerignore. */
  readonly context: string;
  /** Empty folder for the stages. */
  readonly dir: string;
  /** Instead of running this line of RUN, give the stage these packages, which it would install. */
  readonly installed?: { readonly run: string; readonly packages: string };
}

export function buildImage(options: BuildOptions): Image {
  const built = new Map<string, string>();
  let last: Image | null = null;
  for (const [at, stage] of readDockerfile(join(options.context, 'Dockerfile')).entries()) {
    const root = join(options.dir, stage.name ?? `stage-${at}`);
    mkdirSync(root);
    last = buildStage(stage, root, built, options);
    built.set(stage.name ?? String(at), root);
  }
  if (!last) throw new Error('The Dockerfile has no stage.');
  return last;
}

function buildStage(
  stage: Stage,
  root: string,
  built: ReadonlyMap<string, string>,
  options: BuildOptions,
): Image {
  const image = { root, workdir: '/', env: {}, user: 'root', healthcheck: [], entrypoint: [], cmd: [] };
  const { installed } = options;
  const packages = stage.steps.some(({ text }) => text === installed?.run) ? installed?.packages : undefined;
  return stage.steps.reduce<Image>((so, step) => {
    const { keyword, words, text } = step;
    if (keyword === 'COPY') copy(step, so, built, options);
    else if (keyword === 'RUN' && text === installed?.run) return so;
    else if (keyword === 'RUN') run(text, so, packages);
    else if (keyword === 'WORKDIR') {
      mkdirSync(join(root, text), { recursive: true });
      return { ...so, workdir: text };
    } else if (keyword === 'ENV') {
      return { ...so, env: { ...so.env, ...Object.fromEntries(words.map((word) => word.split('='))) } };
    } else if (keyword === 'USER') return { ...so, user: text };
    else if (keyword === 'HEALTHCHECK') return { ...so, healthcheck: words };
    else if (keyword === 'ENTRYPOINT') return { ...so, entrypoint: words };
    else if (keyword === 'CMD') return { ...so, cmd: words };
    else if (!DESCRIBE.includes(keyword)) throw new Error(`line ${step.line}: ${keyword} is not known here`);
    return so;
  }, image);
}

/** Files into a folder that ends in a slash, else one file or folder under the new name. */
function copy(
  { words, from, line }: Step,
  { root, workdir }: Image,
  built: ReadonlyMap<string, string>,
  { context }: BuildOptions,
): void {
  const base = from === null ? context : built.get(from);
  if (base === undefined) throw new Error(`line ${line}: there is no stage ${from}`);
  const [target, sources] = [words.at(-1)!, words.slice(0, -1)];
  for (const source of sources) {
    if (from === null) refuseIgnored(source, context);
    const path = join(base, source);
    const whole = join(root, resolve(workdir, target));
    const isInto = target.endsWith('/') && !statSync(path).isDirectory();
    cpSync(path, isInto ? join(whole, basename(source)) : whole, { recursive: true, verbatimSymlinks: true });
  }
}

/** .dockerignore here is a list of what is let in; anything else would need rules that are not here. */
export function allowedByIgnore(context: string): string[] {
  const lines = readFileSync(join(context, '.dockerignore'), 'utf8').split('\n');
  const [all, ...rest] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (all !== '*' || rest.some((line) => !/^!\w[\w.-]*$/.test(line)))
    throw new Error('.dockerignore: expected * and then names with !');
  return rest.map((line) => line.slice(1));
}

function refuseIgnored(source: string, context: string): void {
  if (!allowedByIgnore(context).includes(source.replace(/^\.\//, '')))
    throw new Error(`COPY ${source}: .dockerignore keeps it out of the build`);
}

/** `packages` stand as node_modules in the working directory instead of what a line would install there. */
function run(text: string, { root, workdir, env }: Image, packages: string | undefined): void {
  const home = process.env['HOME'] ?? '/root';
  const kept = Object.entries(process.env).filter(([name]) => KEPT_ENV.test(name)) as [string, string][];
  const mounts = [
    // npm finds its settings and its cache there.
    { here: home, inside: home, isWritable: true },
    ...(packages ? [{ here: packages, inside: join(workdir, 'node_modules'), isWritable: false }] : []),
  ];
  const environment = { ...Object.fromEntries(kept), PATH, ...env };
  runWithin({ root, workdir, user: 'root', mounts }, ['sh', '-euc', text], environment);
}
