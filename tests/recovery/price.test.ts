/** Known parameters of prices are found again: the short form of `make recovery`, from the same cases. */
import { PRICE_CASES } from './price-cases.js';
import { recovers } from './short-form.js';

recovers(PRICE_CASES);
