/** Property tests draw the same cases on every run; MMS_TEST_SEED=random (or a number) tries others. */
import fc from 'fast-check';

const asked = process.env.MMS_TEST_SEED ?? '20251121';
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) });
