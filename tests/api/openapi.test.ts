/** The OpenAPI document: 3.1, every route inside, every reference resolved, schemas that judge rightly. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.js';
import type { TestApi } from '../support/api.js';
import type { Document, Operation } from '../support/document.js';

let api: TestApi;
let document: Document;
beforeAll(async () => {
  api = await startApi();
  document = (await api.app.inject('/openapi.json')).json();
});
afterAll(() => api.close());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );

describe('openapi.json', () => {
  it('is 3.1 and names the service', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: 'MMS', version: '1.2.3' });
  });

  it('lists every route of the service', () => {
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual(
      [
        'post /simulate',
        'get /status/{id}',
        'post /v1/jobs',
        'get /v1/jobs',
        'get /v1/jobs/{id}',
        'delete /v1/jobs/{id}',
        'post /v1/jobs/{id}/requeue',
        'get /v1/jobs/{id}/result',
        'get /v1/jobs/{id}/report.html',
        'get /v1/jobs/{id}/{table}.csv',
        'get /v1/jobs/{id}/{table}.json',
        'get /v1/jobs/{id}/{table}.parquet',
        'post /v1/batches',
        'get /v1/batches/{id}',
        'delete /v1/batches/{id}',
        'post /v1/sweeps',
        'get /v1/sweeps',
        'get /v1/sweeps/{id}',
        'delete /v1/sweeps/{id}',
        'post /v1/sweeps/{id}/retry',
        'get /v1/sweeps/{id}/rows',
        'get /v1/sweeps/{id}/results.csv',
        'get /v1/sweeps/{id}/results.json',
        'get /v1/sweeps/{id}/results.parquet',
        'get /v1/sweeps/{id}/report.html',
        'get /v1/dead-letters',
        'get /v1/kinds',
        'get /v1/kinds/{name}',
        'get /v1/nodes',
        'get /health/live',
        'get /health/ready',
        'get /metrics',
        'get /problems/{code}',
      ].sort(),
    );
  });

  it('gives every operation a unique id, its path parameters and described answers', () => {
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, { parameters = [], responses }] of operations()) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const declared = parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name);
      expect(declared.sort(), name).toEqual(inPath.sort());
      expect(Object.keys(responses).length, name).toBeGreaterThan(0);
      for (const [status, { description }] of Object.entries(responses)) {
        expect(status).toMatch(/^([2345]\d\d|[45]XX)$/);
        expect(description, `${name} ${status}`).toBeTruthy();
      }
    }
  });

  it('resolves every reference inside itself', () => {
    const text = JSON.stringify(document);
    const targets = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '');
    expect(targets.length).toBeGreaterThan(10);
    for (const target of targets) {
      const name = /^#\/components\/schemas\/([^/]+)$/.exec(target)?.[1];
      expect(document.components.schemas, target).toHaveProperty([name ?? target]);
    }
  });

  it('holds schemas that judge requests as the service does', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'openapi', components: document.components });
    const { schema } = operations().find(([name]) => name === 'post /v1/jobs')![1].requestBody!.content[
      'application/json'
    ]!;
    const valid = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object);
    for (const name of api.parts.kinds.names()) {
      expect(document.components.schemas).toHaveProperty([`Spec.${name}`]);
      const { examples } = await api.parts.kinds.get(name);
      for (const { spec, seed } of examples)
        expect(valid({ kind: name, spec, seed }), JSON.stringify(valid.errors)).toBe(true);
    }
    expect(valid({ kind: 'paths', spec: { paths: 1000 }, seed: 1 })).toBe(true);
    expect(valid({ ticker: 'AAPL', date: '2024-01-15', mm_strategy: 'fixed' })).toBe(true);
    for (const bad of [
      {},
      { kind: 'nothing' },
      { kind: 'paths', sede: 1 },
      { kind: 'paths', spec: { pahts: 1 } },
    ]) {
      expect(valid(bad), JSON.stringify(bad)).toBe(false);
    }
    const short = { ticker: 'AAPL', date: '2024-01-15', mm_strategy: 'fixed' };
    expect(valid({ ...short, arb_strategy: 'statistical' })).toBe(true);
    expect(valid({ ...short, arb_strategy: 'triangular' })).toBe(false);
  });
});
