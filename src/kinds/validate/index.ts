/** Job kind `validate`: the models beside published and closed-form values, row by row. */
import type { Table, TableDecl } from '../../contract/columns.js';
import { defineKind, type Cost, type Metric, type Summary } from '../../contract/kind.js';
import { checkNumber, rowsOf } from '../../core/proof/check.js';
import { CHECKS, tasksOf } from '../../core/proof/proof.js';
import { schema } from './schema.js';
import type { ValidateSpec } from './spec.js';

const ROW_BYTES = 37;
/** An experiment takes about a quarter of a second; a step is a millisecond of it. */
const STEPS_PER_EXPERIMENT = 250;

const tables: readonly TableDecl[] = [
  {
    name: 'rows',
    title: 'What came out beside what was expected',
    columns: [
      {
        name: 'check',
        type: 'i32',
        unit: '1',
        meaning: 'Number of the check: 1 for V1',
      },
      { name: 'line', type: 'i32', unit: '1', meaning: 'Line of the check, from 0' },
      { name: 'cell', type: 'i32', unit: '1', meaning: 'Entry of the line, from 0, where it is a table' },
      { name: 'got', type: 'f64', unit: 'of the line', meaning: 'What came out' },
      { name: 'expected', type: 'f64', unit: 'of the line', meaning: 'Published or exact value' },
      { name: 'tolerance', type: 'f64', unit: 'of the line', meaning: 'How far apart the two may be' },
      { name: 'passed', type: 'u8', unit: '1', meaning: '1 where |got - expected| <= tolerance' },
    ],
  },
];

function cost({ only }: ValidateSpec): Cost {
  const rows = tasksOf(only).reduce(
    (sum, { experiment }) => sum + experiment.lines.reduce((lines, line) => lines + rowsOf(line), 0),
    0,
  );
  return {
    stepsPerUnit: STEPS_PER_EXPERIMENT,
    nsPerStep: 1e6,
    resultBytes: rows * ROW_BYTES,
    threadBytes: 16e6,
  };
}

function summarise({ only }: ValidateSpec, [table]: readonly Table[]): Summary {
  const [check, , , , , , passed] = table!.columns;
  const count = (number: number | null, miss: boolean): number => {
    let found = 0;
    for (let row = 0; row < table!.rows; row++) {
      if ((number === null || check![row] === number) && !(miss && passed![row] === 1)) found++;
    }
    return found;
  };
  const metric = (name: string, value: number, meaning: string): Metric => ({
    name,
    value,
    standardError: null,
    unit: '1',
    meaning,
  });
  const misses = count(null, true);
  return {
    metrics: [
      metric('misses', misses, 'Rows that lie further from the expected value than their tolerance'),
      metric('rows', table!.rows, 'Values that were compared'),
      ...CHECKS.flatMap((of) =>
        only.length > 0 && !only.includes(of.id)
          ? []
          : [
              metric(
                `${of.id}Misses`,
                count(checkNumber(of), true),
                `${of.title}: misses among ${count(checkNumber(of), false)} rows`,
              ),
            ],
      ),
    ],
    notes: [
      misses === 0
        ? 'Every row lies within its tolerance.'
        : `${misses} of ${table!.rows} rows lie outside of their tolerance: see the table.`,
      'Rows that are drawn at random use 4 (or 3.5) standard errors: with another seed one row in many thousands misses by chance.',
    ],
  };
}

export default defineKind<ValidateSpec>({
  name: 'validate',
  version: 1,
  title: 'Validation against published values',
  description:
    'Runs the models as simulations use them and compares what comes out with published tables, closed forms and ' +
    'identities: got, expected, tolerance and verdict, row by row.',
  schema,
  units: ({ only }) => tasksOf(only).length,
  cost,
  tables,
  summarise,
  score: { name: 'misses', sense: 'min' },
  examples: [
    {
      title: 'The race of the best queues, and what information costs',
      spec: { only: ['V2', 'V11'] },
      seed: 1,
      digest: '9c3fb02805a2c2f0310d4b4d52673beb6b96699d38783746d5b94cde02cd74e5',
    },
  ],
});
