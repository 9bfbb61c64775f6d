/** Finds the job kinds: every folder beside this file is one, loaded when first asked for. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, distance } from 'fastest-levenshtein';
import type { Kind } from '../contract/kind.js';
import type { Kinds } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';

const here = dirname(fileURLToPath(import.meta.url));

/** Folder names in alphabetical order; reading the folder loads no kind. */
export function kindNames(): readonly string[] {
  return readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export function createRegistry(): Kinds {
  const names = kindNames();
  const loaded = new Map<string, Promise<Kind>>();
  return {
    names: () => names,
    get(name) {
      if (!names.includes(name)) return Promise.reject(unknownKind(name, names));
      let kind = loaded.get(name);
      if (!kind) loaded.set(name, (kind = load(name)));
      return kind;
    },
  };
}

async function load(name: string): Promise<Kind> {
  // The mark lets tests load the TypeScript: their bundler would look for index.js files when it starts.
  const module = (await import(/* @vite-ignore */ `./${name}/index.js`)) as { default: Kind };
  if (module.default.name !== name)
    throw new Error(`src/kinds/${name} defines kind "${module.default.name}"`);
  return module.default;
}

function unknownKind(name: string, names: readonly string[]): MmsError {
  // A name of a mebibyte is neither measured nor repeated.
  const shown = name.length > 40 ? `${name.slice(0, 40)}...` : name;
  const near = closest(shown, [...names]);
  const suggestion = distance(shown, near) <= 3 ? near : undefined;
  const message =
    `Expected one of ${names.join(', ')}; got "${shown}".` +
    (suggestion ? ` Did you mean "${suggestion}"?` : '');
  const fault = { pointer: '/kind', message };
  return new MmsError('E_KIND', message, [suggestion ? { ...fault, suggestion } : fault]);
}
