/** The memory store keeps the promises of every job store. */
import { createMemoryStore } from '../../src/store/memory.js';
import { describeJobStore } from './job-store.conformance.js';

describeJobStore('memory', async () => createMemoryStore());
