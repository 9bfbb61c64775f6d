/** Fixture: declares the columns of the kind that gives a number that is not finite. */
export default { tables: [{ name: 'path', columns: [{ name: 'step' }, { name: 'priceUsd' }] }] };
