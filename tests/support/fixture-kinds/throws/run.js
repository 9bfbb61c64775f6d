/** Fixture: fails with a message that holds a path of this machine. */
export function run() {
  throw new Error('no such level in /home/somebody/secret/file.ts\nsecond line');
}
