/** The Dockerfile against its grammar and the rules of a safe image; nothing is built here. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { SETTINGS, SETTING_KEYS, envNameOf } from '../../src/ops/settings.js';
import { readDockerfile } from './dockerfile.js';
import { allowedByIgnore } from './image.js';

const project = resolve(import.meta.dirname, '../..');
const path = join(project, 'Dockerfile');
const stages = readDockerfile(path);
const last = stages.at(-1)!;
const words = (keyword: string): readonly string[] =>
  last.steps.find((step) => step.keyword === keyword)?.words ?? [];
const about = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  version: string;
  devDependencies: Record<string, string>;
};

describe('the Dockerfile', () => {
  it('has no fault that a linter of Dockerfiles finds', () => {
    expect(
      validate(readFileSync(path, 'utf8')).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    ).toEqual([]);
    const broken = readFileSync(path, 'utf8').replace('EXPOSE 8080', 'EXPOSE port');
    expect(validate(broken)).toHaveLength(1);
  });

  it('builds every stage on the Node.js that the project is developed on, by its full version', () => {
    const node = `node:${about.devDependencies['node']}-bookworm-slim`;
    expect(stages.map(({ image }) => image)).toEqual(stages.map(() => node));
  });

  it('copies only what .dockerignore lets in, and adds nothing from a network or an archive', () => {
    const copied = stages.flatMap(({ steps }) =>
      steps
        .filter(({ keyword, from }) => keyword === 'COPY' && from === null)
        .flatMap((step) => step.words.slice(0, -1)),
    );
    expect([...new Set(copied.map((name) => name.replace(/^\.\//, '')))].sort()).toEqual(
      allowedByIgnore(project).sort(),
    );
    const all = stages.flatMap(({ steps }) => steps);
    expect(all.filter(({ keyword }) => keyword === 'ADD')).toEqual([]);
    const fetching = /\b(curl|wget|apt-get|apk|sudo)\b/;
    expect(all.filter(({ keyword, text }) => keyword === 'RUN' && fetching.test(text))).toEqual([]);
  });

  it('installs from the lockfile and runs no script of a package', () => {
    const installs = stages
      .flatMap(({ steps }) => steps)
      .filter(({ keyword, text }) => keyword === 'RUN' && /npm (ci|i|install|prune|rebuild)\b/.test(text));
    expect(installs.length).toBeGreaterThan(0);
    for (const { text } of installs) expect(text).toMatch(/^npm ci (--omit=dev )?--ignore-scripts( |$)/);
  });

  it('ends as a user without a name or rights, with a health check, and holds no secret', () => {
    expect(words('USER')).toEqual(['65532:65532']);
    const after = last.steps.slice(last.steps.findIndex(({ keyword }) => keyword === 'USER'));
    expect(after.filter(({ keyword }) => ['RUN', 'COPY', 'USER'].includes(keyword))).toHaveLength(1);
    expect(words('HEALTHCHECK')[0]).toBe('node');
    expect(words('VOLUME')).toEqual(['/data']);
    const names = stages.flatMap(({ steps }) =>
      steps.filter(({ keyword }) => ['ENV', 'ARG'].includes(keyword)),
    );
    expect(names.filter(({ text }) => /pass|secret|token|key/i.test(text))).toEqual([]);
  });

  it('names settings, ports and the version as the code has them', () => {
    const names = words('ENV').map((word) => word.split('=')[0]!);
    const settings = SETTING_KEYS.map(envNameOf);
    expect(names.filter((name) => name.startsWith('MMS_') && !settings.includes(name))).toEqual([]);
    const router = SETTINGS['router.bind'].default.split(':').at(-1)!;
    expect(words('EXPOSE')).toEqual([String(SETTINGS['http.port'].default), router]);
    const label = last.steps.find(({ keyword }) => keyword === 'LABEL')!.text;
    expect(/image\.version="([^"]+)"/.exec(label)?.[1]).toBe(about.version);
  });
});
