/** All rows in the order of the matrix. */
import type { Row } from '../row.js';
import { serverKilled } from './r01-server-killed.js';

export const ROWS: readonly Row[] = [serverKilled];
