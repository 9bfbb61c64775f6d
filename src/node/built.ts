/** Where a module is as JavaScript: threads run that, also while the tests run their parent from src. */

/** The address of `path` as seen from `from`, in dist where `from` is in src. */
export function built(path: string, from: string): URL {
  const { href } = new URL(path, from);
  return new URL(href.replace(/\/src\/(node|kinds)\/((?:[^/]+\/)?[^/]*)$/, '/dist/$1/$2'));
}
