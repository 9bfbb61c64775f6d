/** Fixture: what the thread needs of a kind to end whole jobs. */
const column = (name, type) => ({ name, type, unit: '1', meaning: name });

export default {
  name: 'moody',
  version: 1,
  title: 'Moody',
  units: ({ units = 1 }) => units,
  tables: [{ name: 'rows', title: 'Rows', columns: [column('unit', 'u32'), column('value', 'f64')] }],
  summarise({ mood }, [{ rows }]) {
    if (mood === 'no summary') throw new Error('nothing to tell');
    return {
      metrics: [{ name: 'rows', value: rows, standardError: null, unit: '1', meaning: 'm' }],
      notes: [],
    };
  },
};
