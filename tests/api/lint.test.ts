/** The OpenAPI document under a linter that others use, with its strictest rules; its examples run. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import type { Document } from '../support/document.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

it('lints clean', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const source = JSON.stringify(api.app.swagger());
  const findings = await lintFromString({ source, config });
  const told = findings.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`,
  );
  expect(told).toEqual([]);
});

it('holds examples that run: every body, and every address with what they made', async () => {
  const document = api.app.swagger() as unknown as Document;
  const made: Record<string, string> = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    const { examples = {} } = methods['post']?.requestBody?.content['application/json'] ?? {};
    if (methods['post']?.requestBody) expect(Object.keys(examples), path).not.toEqual([]);
    for (const [name, { value }] of Object.entries(examples)) {
      const headers = { prefer: 'wait=30' };
      const answer = await api.app.inject({ method: 'POST', url: path, payload: value as object, headers });
      const told = `${path} ${name}: ${answer.body.slice(0, 300)}`;
      expect(answer.statusCode, told).toBe(200);
      const { id, batch_id, state = 'done' } = answer.json<Record<string, string>>();
      expect(state, told).toBe('done');
      if (!(path in made) || name === 'paths') made[path] = (id ?? batch_id)!;
    }
  }
  expect(Object.keys(made)).toContain('/v1/jobs');
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!methods['get']) continue;
    const collection = path.startsWith('/status') ? '/v1/jobs' : path.split('/{', 1)[0]!;
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const { example, schema } = methods['get']!.parameters!.find((parameter) => parameter.name === name)!;
      return name === 'id' ? made[collection]! : (example ?? schema.enum?.[0] ?? 'no example');
    });
    expect((await api.app.inject(url)).statusCode, url).toBe(200);
  }
});
