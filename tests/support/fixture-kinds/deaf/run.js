/** Fixture: says that it runs, ignores every cancel and never ends. */
export function run({ control }) {
  Atomics.store(control, 1, 1);
  for (;;);
}
