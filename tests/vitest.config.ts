/** Test projects: `unit` in Node, `components` in a DOM, `site` in Chromium against `build/`, `adoption` and `commands` in copies of the project. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const alias = { '@site': root.replace(/\/$/, '') };

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
          globalSetup: 'tests/example.ts',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/components/**', 'tests/site/**', 'tests/adoption/**', 'tests/commands/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        root,
        resolve: { alias },
        test: {
          name: 'components',
          environment: 'happy-dom',
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
          include: ['tests/commands/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
      {
        root,
        resolve: { alias },
        test: {
          name: 'site',
          environment: 'node',
          include: ['tests/site/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // A page is read here while the next one is judged in its own process.
          maxConcurrency: 2,
        },
      },
    ],
  },
});
