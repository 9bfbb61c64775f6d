/** monitoring/compose.yml against the schema of compose files, a linter and the rules of a safe service. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { SETTING_KEYS, envNameOf } from '../../src/ops/settings.js';
import { COMPOSE_PATH, readCompose } from './compose.js';

const compose = readCompose();
const services = Object.entries(compose.services);
const names = Object.keys(compose.services);
const linter = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));

describe('monitoring/compose.yml', () => {
  it('is a compose file by the schema of the compose specification', () => {
    const text = readFileSync(join(linter, 'schemas/compose.schema.json'), 'utf8');
    const { $schema: _, ...schema } = JSON.parse(text) as Record<string, unknown>;
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
    expect(validate({ ...compose, services: { server: { image: 'x', prots: [] } } })).toBe(false);
  });

  it('has no error of a linter but one: the image is built and named', () => {
    const args = [join(linter, 'bin/dclint.cjs'), COMPOSE_PATH, '--formatter', 'json', '--quiet'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const [file] = JSON.parse(stdout) as { messages: { rule: string }[] }[];
    expect(file!.messages.map(({ rule }) => rule)).toEqual(['no-build-and-image']);
  });

  it('takes every right that no service needs, and bounds what each may use', () => {
    for (const [name, service] of services) {
      const { read_only, cap_drop, security_opt, cap_add, privileged, deploy } = service;
      expect({ name, read_only, cap_drop, security_opt, cap_add, privileged }).toEqual({
        name,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        cap_add: undefined,
        privileged: undefined,
      });
      expect(Object.keys(deploy.resources.limits)).toEqual(['cpus', 'memory', 'pids']);
      expect([name, service.restart]).toEqual([name, name === 'keys' ? 'no' : 'unless-stopped']);
    }
  });

  it('pins every image, and the own one to the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    for (const [name, { image }] of services) {
      expect([name, image]).toEqual([name, expect.stringMatching(/^[\w./-]+:v?\d+\.\d+\.\d+(-alpine)?$/)]);
      if (image.startsWith('mms:')) expect(image).toBe(`mms:${version}`);
    }
  });

  it('opens ports on loopback alone', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:3000:3000']);
  });

  it('names only services, volumes, files and settings that are there', () => {
    const settings = SETTING_KEYS.map(envNameOf);
    for (const [name, service] of services) {
      const needed = Object.entries(service.depends_on ?? {});
      expect(needed.filter(([other]) => !names.includes(other))).toEqual([]);
      for (const [other, { condition }] of needed) {
        if (condition === 'service_healthy') expect(isChecked(other)).toBe(true);
      }
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0]!;
        const isThere = source.startsWith('.')
          ? existsSync(resolve(dirname(COMPOSE_PATH), source))
          : Object.hasOwn(compose.volumes, source);
        expect([name, source, isThere]).toEqual([name, source, true]);
      }
      const own = Object.keys(service.environment ?? {}).filter((key) => key.startsWith('MMS_'));
      expect(own.filter((key) => !settings.includes(key))).toEqual([]);
    }
    const home = compose.services['grafana']!.environment!['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!;
    expect(existsSync(home.replace('/var/lib/grafana', 'monitoring/grafana'))).toBe(true);
  });

  it('has a configuration of Prometheus that promtool takes, with the same rules', () => {
    const path = 'monitoring/compose/prometheus.yml';
    const { status, stderr, error } = spawnSync('promtool', ['check', 'config', '--syntax-only', path], {
      encoding: 'utf8',
    });
    expect(error, 'apt-get install prometheus').toBeUndefined();
    expect([status, stderr]).toEqual([0, '']);
    const ruleFiles = (file: string): unknown =>
      /rule_files:\n((?: +- .*\n)+)/.exec(readFileSync(file, 'utf8'))?.[1];
    expect(ruleFiles(path)).toEqual(ruleFiles('monitoring/prometheus.yml'));
  });
});

/** The image's own check, or one in the file, that is not switched off. */
function isChecked(name: string): boolean {
  const { healthcheck, image } = compose.services[name]!;
  return healthcheck ? !('disable' in healthcheck) : image.startsWith('mms:');
}
