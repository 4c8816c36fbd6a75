/** What the pages read of an HSM's token, where the token of the drill has nothing to tell: tries that are gone, a key that is still there. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDeployment } from '../../../src/deployment/load';
import { loadProcedures } from '../../../src/procedure/load';
import type { Step } from '../../../src/procedure/steps/step';
import { exampleDeployment } from '../../example';

const root = resolve(__dirname, '../../..');
const deployment = loadDeployment(exampleDeployment);
const textOf = ({ command }: Step) => (command?.lines ?? []).map(({ text }) => text).join('\n');
const blocks = new Map(
  loadProcedures(root, deployment)
    .flatMap(({ steps }) => steps)
    .filter((step) => textOf(step).includes('pkcs11-tool'))
    .map((step) => [textOf(step), step.id]),
);
const blocksWith = (part: string) =>
  [...blocks].filter(([text]) => text.includes(part)).map(([text, id]) => [id, text] as const);

const home = mkdtempSync(join(tmpdir(), 'token-'));
const bin = join(home, 'bin');
mkdirSync(bin);
afterAll(() => rmSync(home, { recursive: true }));

/** Types a block where the tool prints what is given, and enters a PIN. */
function types(text: string, printed: string): string {
  writeFileSync(join(home, 'printed'), printed);
  writeFileSync(join(home, 'shard-4.slot'), '0x1\n');
  writeFileSync(join(bin, 'pkcs11-tool'), `#!/bin/sh\ncat ${join(home, 'printed')}\n`, { mode: 0o700 });
  const words = ['--noprofile', '--norc', '-c', text];
  const env = { PATH: `${bin}:/usr/bin:/bin` };
  return spawnSync('/bin/bash', words, { cwd: home, env, input: '976212\n', encoding: 'utf8' }).stdout;
}

const shard = deployment.shards.find(({ provider }) => provider === 'pkcs11-hsm');
const token = shard?.provider === 'pkcs11-hsm' ? shard.token : '';
const id = shard?.provider === 'pkcs11-hsm' ? shard.objectId : '';
const slot = (number: number, label: string, flags: string) =>
  `Slot ${number} (0x${number}): Example slot\n  token label        : ${label}\n` +
  `  token flags        : login required, ${flags}, other flags=0x20\n  serial num         : ${number}\n`;

// The page of a locked PIN reads the flags in its own way.
const finding = blocksWith('--list-token-slots > ').filter(([, text]) => !text.includes('(user|SO)'));
describe.each(finding)('the token that %s finds', (_, text) => {
  it.each(['final user PIN try', 'user PIN count low', 'user PIN locked'])('is shown with: %s', (flag) => {
    const printed = slot(1, `${token}-old`, 'user PIN locked') + slot(2, token, `PIN initialized, ${flag}`);
    expect(types(text, printed)).toBe(`found 1, token ${token}\n${flag}\n`);
  });

  it('is shown without more where no try is gone, whatever is wrong with others', () => {
    const printed = slot(1, token, 'PIN initialized') + slot(2, `${token}-old`, 'final user PIN try');
    expect(types(text, printed)).toBe(`found 1, token ${token}\n`);
  });
});

describe.each(blocksWith('| wc --lines )'))('the private keys that %s counts', (_, text) => {
  const object = (label: string, of: string) =>
    `Private Key Object; RSA \n  label:      ${label}\n  ID:         ${of}\n  Usage:      decrypt\n`;

  it('are those of the shard, whatever else is in the token', () => {
    expect(types(text, object('other', `${id}0`) + object('masterkey', id))).toMatch(/^1\n$/m);
    expect(types(text, object('other', `${id}0`))).toMatch(/^0\n$/m);
    expect(types(text, '')).toMatch(/^0\n$/m);
  });
});
