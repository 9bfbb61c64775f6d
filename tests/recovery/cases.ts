/** All cases of recovery: one list for the table and for the tests. */
import type { RecoveryCase } from './case.js';
import { FLOW_CASES } from './flow-cases.js';
import { PRICE_CASES } from './price-cases.js';

export const CASES: readonly RecoveryCase[] = [...FLOW_CASES, ...PRICE_CASES];
