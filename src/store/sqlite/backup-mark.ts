/** The empty file beside a store whose time says when the store was last copied. */
import { closeSync, openSync, utimesSync } from 'node:fs';

/** Follows the path of the store. */
export const BACKUP_MARK = '-backup';

/** A copy is a copy also where nothing can be noted, on a full disk for example: then nothing is. */
export function markBackup(path: string): void {
  try {
    closeSync(openSync(path + BACKUP_MARK, 'a'));
    const now = new Date();
    utimesSync(path + BACKUP_MARK, now, now);
  } catch {
    // The age of the last backup that was noted goes on growing, which is what operators are told of.
  }
}
