/** The client's types are the document's: `npx vitest run tests/client/types.test.ts -u` writes them. */
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { startApi } from '../support/api.js';
import type { Document } from '../support/document.js';
import { typesOf } from './types-of.js';

it('are made of the document', async () => {
  const api = await startApi();
  const { components } = api.app.swagger() as unknown as Document;
  await api.close();
  const file = resolve('src/client/types.ts');
  const text = await format(typesOf(components.schemas), {
    ...(await resolveConfig(file)),
    parser: 'typescript',
  });
  await expect(text).toMatchFileSnapshot(file);
});
