/** The real modules that the simulated world runs, in one place so that a planted bug can replace them. */
export { createState } from '../../src/router/state.js';
export { step } from '../../src/router/step.js';
export { CREDITS_PER_THREAD } from '../../src/router/roster.js';
export { createAgent, stepAgent } from '../../src/node/agent.js';
export { createInputCache } from '../../src/node/inputs.js';
