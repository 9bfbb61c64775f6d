/**
 * What each check of the proof does and why, as Markdown: for `mms validate --explain` and
 * docs/validation.md.
 */
import { rowsOf, type Check } from '../core/proof/check.js';
import { CHECKS } from '../core/proof/proof.js';

const WIDTH = 118;
const HEAD = `# Validation

\`mms validate\` compares the models, as simulations use them, with published tables, closed forms and identities, and
ends with exit code 1 when a row misses. This page is what \`mms validate --explain\` prints.
`;

export function checkIds(): string[] {
  return CHECKS.map((check) => check.id);
}

/** One check as a section; null for an unknown id. */
export function explainCheck(id: string): string | null {
  const check = CHECKS.find((candidate) => candidate.id === id);
  return check ? sectionOf(check) : null;
}

/** All checks as one page. */
export function explainAll(): string {
  return [HEAD, ...CHECKS.map(sectionOf)].join('\n');
}

function sectionOf({ id, title, asks, recipe, tolerance, papers, experiments }: Check): string {
  const lines = experiments.flatMap((experiment) => experiment.lines);
  const rows = lines.reduce((sum, line) => sum + rowsOf(line), 0);
  return [
    `## ${id}: ${title}`,
    wrapped(`**What is checked.** ${asks}`),
    wrapped(`**How.** ${recipe}`),
    wrapped(`**Tolerance.** ${tolerance}`),
    papers.map((paper) => wrapped(`- ${paper}`, '  ')).join('\n'),
    `${lines.length} lines, ${rows} rows.`,
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

/** Breaks at spaces; `indent` stands before every line but the first. */
function wrapped(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line += line === '' || line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
