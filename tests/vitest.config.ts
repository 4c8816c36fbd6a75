/** Test projects: `unit` in Node, `components` in a DOM, `site` in Chromium against `build/`, `adoption` and `commands` in copies of the project. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { drillUnavailable } from '../scripts/common/platform';

const root = fileURLToPath(new URL('..', import.meta.url));
const alias = { '@site': root.replace(/\/$/, '') };

/** Tests that run the commands of the pages, or the tools on files and processes of Linux. */
const ofLinux = ['audit', 'kit', 'providers', 'sss', 'tabletop'].map(
  (folder) => `tests/scripts/${folder}/**`,
);
const cannotDrill = drillUnavailable();
if (cannotDrill !== undefined) process.stdout.write(`skipped: ${ofLinux.join(', ')}: ${cannotDrill}\n`);

/** Notes what each file takes, where that is asked for. */
const setupFiles = ['tests/costs.ts'];

export default defineConfig({
  root,
  test: {
    passWithNoTests: false,
    maxWorkers: availableParallelism(),
    projects: [
      {
        root,
        resolve: { alias },
        test: {
          name: 'unit',
          environment: 'node',
          setupFiles,
          globalSetup: 'tests/example.ts',
          include: ['tests/**/*.test.ts'],
          exclude: [
            ...['tests/components/**', 'tests/site/**', 'tests/adoption/**', 'tests/commands/**'],
            ...(cannotDrill === undefined ? [] : ofLinux),
          ],
          // Ends a test that hangs; nothing is measured by it, and a busy machine takes its time.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        root,
        resolve: { alias },
        test: {
          name: 'components',
          environment: 'happy-dom',
          setupFiles,
          include: ['tests/components/**/*.test.{ts,tsx}'],
          css: { modules: { classNameStrategy: 'non-scoped' } },
          testTimeout: 20_000,
        },
      },
      {
        root,
        resolve: { alias },
        test: {
          name: 'adoption',
          environment: 'node',
          setupFiles,
          include: ['tests/adoption/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
      {
        root,
        resolve: { alias },
        test: {
          name: 'commands',
          environment: 'node',
          setupFiles,
          include: ['tests/commands/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          // The site is built here while other commands read the copy.
          maxConcurrency: 2,
        },
      },
      {
        root,
        resolve: { alias },
        test: {
          name: 'site',
          environment: 'node',
          setupFiles,
          include: ['tests/site/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          // A page is read here while the next one is judged in its own process.
          maxConcurrency: 2,
        },
      },
    ],
  },
});
