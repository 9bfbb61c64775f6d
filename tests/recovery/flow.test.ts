/** Known parameters of order flow are found again: the short form of `make recovery`, from the same cases. */
import { FLOW_CASES } from './flow-cases.js';
import { recovers } from './short-form.js';

recovers(FLOW_CASES);
