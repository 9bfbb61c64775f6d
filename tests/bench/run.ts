/** x */
import { inTurns } from './runner.js';
console.log(inTurns);
