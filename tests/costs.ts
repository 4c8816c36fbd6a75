/** Runs in the process of each file of tests: when its last test has ended, notes what it took. */
import { afterAll, expect } from 'vitest';
import { noteCost } from '../scripts/common/costs';

const log = process.env.TEST_COSTS;
if (log !== undefined) afterAll(() => noteCost(log, expect.getState().testPath ?? ''));
