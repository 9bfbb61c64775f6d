/** Says in words why a file of the user cannot be read, and what to do about it. */

/** Ends a sentence "Expected a readable file; got x, ..." for a failure of the file system. */
export function whyUnreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'no code';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'which does not exist; check the path';
    case 'EISDIR':
      return 'which is a folder; name a file in it';
    case 'EACCES':
    case 'EPERM':
      return 'which may not be read; check its permissions';
    default:
      return `which cannot be read (${code}); check the path`;
  }
}
