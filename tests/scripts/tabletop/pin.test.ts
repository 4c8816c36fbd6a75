/** A PIN is asked for by the command that uses it: what is typed reaches the right token once, or nothing at all. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPasteShell, type PasteShell } from '../../../scripts/tabletop/shell/paste';
import { splitCommands } from '../../../scripts/tabletop/shell/shell-lines';
import { loadDeployment } from '../../../src/deployment/load';
import { loadProcedures } from '../../../src/procedure/load';
import type { Step } from '../../../src/procedure/steps/step';
import { exampleDeployment } from '../../example';

const root = resolve(__dirname, '../../..');
const deployment = loadDeployment(exampleDeployment);
const procedures = loadProcedures(root, deployment);
const text = (step: Step) => step.command?.lines.map((line) => line.text).join('\n') ?? '';
const asking = [
  ...new Map(
    procedures.flatMap(({ steps }) =>
      steps
        .filter((step) => /(?:^|[\s(])read -rs/.test(text(step)) || step.command?.input)
        .map((step) => [step.id, step]),
    ),
  ).values(),
];

describe('a command that asks for a PIN', () => {
  it('is found on the pages', () => {
    expect(asking.map(({ id }) => id)).toContain('UNS-C4-03');
    expect(asking.map(({ id }) => id)).toContain('HPL-T4-04');
  });

  it.each(asking.map((step) => [step.id, step] as const))(
    '%s: is one command in a shell of its own',
    (_, step) => {
      const block = text(step);
      expect(splitCommands(block.split('\n'))).toHaveLength(1);
      expect(block).toMatch(/^\( [\s\S]* \)(?: \|\n[^()]*)?$/);
      const asked = [...block.matchAll(/read -rs -p '[^']+' (\w+)/g)].map(([, name]) => name);
      expect(asked.length).toBe(step.command?.input?.split(',').length);
      for (const name of asked) expect(block).toContain(`export ${name}="\${${name}:?no PIN was entered}"`);
    },
  );
});

describe('the decryption with an HSM, pasted', () => {
  const home = mkdtempSync(join(tmpdir(), 'pin-'));
  const bin = join(home, 'bin');
  const calls = join(home, 'calls');
  const block = text(asking.find(({ id }) => id === 'UNS-C4-03') as Step);
  let shell: PasteShell;

  mkdirSync(bin);
  mkdirSync(join(home, 'jobs'));
  // Notes each call with the PIN that it was given.
  writeFileSync(join(bin, 'pkcs11-tool'), `#!/bin/sh\necho "$HSM_PIN $*" >>${calls}\necho text\n`, {
    mode: 0o700,
  });
  // Takes what comes through the pipe, and fails when nothing does.
  writeFileSync(join(bin, 'sss'), '#!/bin/sh\n[ -n "$(cat)" ]\n', { mode: 0o700 });
  afterAll(() => rmSync(home, { recursive: true }));

  beforeEach(async () => {
    writeFileSync(calls, '');
    writeFileSync(join(home, 'shard-4.slot'), '0x257b6d9c\n');
    shell = await openPasteShell({
      cwd: home,
      home,
      env: { TERM: 'dumb', LANG: 'C.UTF-8' },
      path: `${bin}:/usr/bin:/bin`,
      folder: join(home, 'jobs'),
    });
  });
  afterEach(() => shell.close());

  const paste = (pin: string) =>
    shell.run({ id: 'x', text: block, timeoutSeconds: 20, answers: [{ question: 'User PIN:', text: pin }] });

  it('sends the PIN to the slot that was found, once, and forgets it', async () => {
    const result = await paste('976212');
    expect(result).toMatchObject({ statuses: [0], unfinished: false, timedOut: false });
    expect(readFileSync(calls, 'utf8')).toMatch(/^976212 --module \S+ --slot 0x257b6d9c --login .*\n$/);
    const { output } = await shell.run({ id: 'y', text: 'declare -p', timeoutSeconds: 20 });
    expect(output).not.toContain('976212');
  });

  it('sends no empty PIN', async () => {
    const result = await paste('');
    expect(result.statuses).not.toEqual([0]);
    expect(result.output).toContain('no PIN was entered');
    expect(readFileSync(calls, 'utf8')).toBe('');
  });

  it('asks for no PIN where no token was found', async () => {
    writeFileSync(join(home, 'shard-4.slot'), '');
    const result = await paste('976212');
    expect(result.statuses).not.toEqual([0]);
    expect(result.output).toContain('find the token first');
    expect(result.output).not.toContain('User PIN:');
    expect(readFileSync(calls, 'utf8')).toBe('');
  });
});
