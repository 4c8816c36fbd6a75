/** Nothing that follows from another file may differ from it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../scripts/generate';

const files = await generatedFiles('.');

test.each([...files.keys()])('%s is up to date; otherwise run npm run generate', (file) => {
  expect(readFileSync(file, 'utf8')).toBe(files.get(file));
});
