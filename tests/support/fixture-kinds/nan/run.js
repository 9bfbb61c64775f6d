/** Fixture: gives a number that is not finite in the second row of its second column. */
export function run() {
  return [{ name: 'path', rows: 2, columns: [Int32Array.of(1, 2), Float64Array.of(1, NaN)] }];
}
