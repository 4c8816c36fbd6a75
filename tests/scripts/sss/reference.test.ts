/** The reference page is what the program says about itself. */
import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../../../scripts/sss/main';
import { REFERENCE_PAGE, referenceText } from '../../../scripts/sss/reference';
import { sss } from './run';

describe('the reference page', () => {
  it('is the generated text; when this fails run: npm run generate', async () => {
    expect(fs.readFileSync(REFERENCE_PAGE, 'utf8')).toBe(await referenceText());
  });

  it('names every command, option and exit code of the help texts', async () => {
    const page = fs.readFileSync(REFERENCE_PAGE, 'utf8');
    for (const { name } of await allCommands()) {
      expect(page).toContain(`## sss ${name} {#${name}}`);
      const help = (await sss([name, '--help'], {})).out;
      for (const [option] of help.matchAll(/^ {4}--[a-z0-9-]+/gm))
        expect(page).toContain(`\`${option.trim()}`);
    }
  });
});
