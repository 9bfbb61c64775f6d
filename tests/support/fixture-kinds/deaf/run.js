/** Fixture: ignores every cancel and never ends. */
export function run() {
  for (;;);
}
