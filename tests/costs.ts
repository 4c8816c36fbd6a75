/** Runs with each file of tests: when its last test has ended, notes what it took of the process. */
import { afterAll, expect } from 'vitest';
import { cpuSeconds, noteCost } from '../scripts/common/costs';

/** What the process had taken when the file before ended: where files of one project share it. */
const shared = globalThis as { cpuBefore?: number };

const log = process.env.TEST_COSTS;
if (log !== undefined)
  afterAll(() => {
    const now = cpuSeconds();
    noteCost(log, expect.getState().testPath ?? '', now - (shared.cpuBefore ?? 0));
    shared.cpuBefore = now;
  });
