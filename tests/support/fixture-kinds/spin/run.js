/** Fixture: runs until it is told to stop, and says that it is half done. */
export function run({ control }) {
  Atomics.store(control, 1, 5_000);
  while (Atomics.load(control, 0) === 0);
  return null;
}
