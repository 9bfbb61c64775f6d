/** `mms kinds`: what can be simulated, and the fields, tables and examples of one kind. */
import type { Kinds } from '../contract/ports.js';
import { flagsOf, type JsonSchema } from './flags.js';
import type { Io } from './io.js';

export async function showKinds(
  kinds: Kinds,
  name: string | undefined,
  json: boolean,
  io: Io,
): Promise<number> {
  if (name !== undefined) return showKind(kinds, name, json, io);
  const all = await Promise.all(kinds.names().map((known) => kinds.get(known)));
  if (json) {
    const list = all.map(({ name: kind, version, title, description }) => ({
      name: kind,
      version,
      title,
      description,
    }));
    io.out(`${JSON.stringify(list, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...all.map((kind) => kind.name.length));
  for (const kind of all) io.out(`${kind.name.padEnd(width)}  ${kind.title}\n`);
  io.talk(`\nMore: mms kinds <name>, flags: mms run <name> --help\n`);
  return 0;
}

async function showKind(kinds: Kinds, name: string, json: boolean, io: Io): Promise<number> {
  const { version, title, description, schema, tables, examples } = await kinds.get(name);
  if (json) {
    io.out(`${JSON.stringify({ name, version, title, description, schema, tables, examples }, null, 2)}\n`);
    return 0;
  }
  const flags = flagsOf(schema as unknown as JsonSchema);
  const lines = [`${title} (${name}, version ${version})`, '', description, '', 'Fields of the spec:'];
  for (const flag of flags) {
    const shown = flag.defaultValue === undefined ? '' : `  [${JSON.stringify(flag.defaultValue)}]`;
    const choices = flag.choices ? `: ${flag.choices.join(', ')}` : '';
    lines.push(`  ${flag.path.join('.')}${shown}  ${flag.description}${choices}`);
  }
  for (const table of tables) {
    lines.push('', `Table ${table.name}: ${table.title}`);
    for (const column of table.columns)
      lines.push(`  ${column.name} (${column.type}, ${column.unit})  ${column.meaning}`);
  }
  for (const example of examples)
    lines.push(
      '',
      `Example: ${example.title}`,
      `  mms run ${name} --seed ${example.seed} --spec '${JSON.stringify(example.spec)}'`,
    );
  io.out(`${lines.join('\n')}\n`);
  return 0;
}
