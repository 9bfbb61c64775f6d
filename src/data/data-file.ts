/** A data file on its way through an importer, and the one form of error about it. */
import { MmsError } from '../contract/problem.js';

export interface DataFile {
  /** Absolute path, already checked. */
  readonly path: string;
  /** The path as the user wrote it: the name in errors. */
  readonly label: string;
  /** Its content where the spec held it: nothing is read then, and `path` is only a name. */
  readonly text?: string;
  /** JSON pointer of the field that named the file; null when no field did. */
  readonly pointer: string | null;
}

/** E_DATA `label` + `where` + ': ' + `problem`, e.g. "feed.csv:7, column 4: expected ...; got ...". */
export function dataError(file: DataFile, where: string, problem: string): MmsError {
  const message = `${file.label}${where}: ${problem}`;
  return new MmsError('E_DATA', message, file.pointer === null ? [] : [{ pointer: file.pointer, message }]);
}
