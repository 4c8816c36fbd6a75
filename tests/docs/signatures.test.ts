/** The commands that sign an export or a head and check it, run as printed with keys of their own: no drill holds those of people. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(__dirname, '../..');

/** The lines of the fence with a title. */
function fence(file: string, title: string): string {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const start = lines.findIndex((line) => /^`{3}bash /.test(line) && line.includes(`title="${title}"`));
  if (start < 0) throw new RangeError(`${file} has no block "${title}"`);
  const length = lines.slice(start + 1).findIndex((line) => /^`{3}$/.test(line));
  return lines.slice(start + 1, start + 1 + length).join('\n');
}

describe('the signatures of an export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signatures-'));
  const bash = (script: string) =>
    spawnSync('bash', ['-c', `set -e\n${script}`], { cwd: folder, encoding: 'utf8' });
  const check = () => bash(fence('docs/_partials/check-export.mdx', 'Check the signatures'));

  beforeAll(() => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'witness_key')]);
    const key = readFileSync(join(folder, 'witness_key.pub'), 'utf8');
    writeFileSync(join(folder, 'allowed_signers'), `witness namespaces="masterkey-registry" ${key}`);
    writeFileSync(join(folder, 'registry-export.sql'), 'SELECT 1;\n');
    writeFileSync(join(folder, 'registry-digests.txt'), '1|1|9F3A-083|proved|-\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are made and found good by the printed commands', () => {
    expect(bash(fence('docs/lifecycle/export-registry.mdx', 'Sign the files')).status).toBe(0);
    const { status, stdout } = check();
    expect(status).toBe(0);
    expect(stdout.match(/^Good "masterkey-registry" signature for witness/gm)).toHaveLength(2);
  });

  it.each(['registry-export.sql', 'registry-digests.txt'])('refuse a changed %s', (file) => {
    const whole = readFileSync(join(folder, file));
    appendFileSync(join(folder, file), '\n');
    expect(check().status).not.toBe(0);
    writeFileSync(join(folder, file), whole);
  });
});

describe('the anchor of a trail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'anchor-'));
  const page = 'docs/audit/audit-trail.mdx';
  const sss = `sss() { '${process.execPath}' '${join(root, 'scripts/sss/bin.cjs')}' "$@"; }`;
  const bash = (script: string) =>
    spawnSync('bash', ['-c', `set -e\n${sss}\n${script}`], { cwd: folder, encoding: 'utf8' });
  const append = (action: string) =>
    bash(`sss audit append --action ${action} --actor wanda --actor-role log-custodian trail.jsonl`);
  const check = () => bash(fence(page, 'Check the head'));

  beforeAll(() => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'log_custodian_key')]);
    const key = readFileSync(join(folder, 'log_custodian_key.pub'), 'utf8');
    writeFileSync(join(folder, 'allowed_signers'), `log-custodian namespaces="masterkey-audit" ${key}`);
    for (const action of ['trail.opened', 'provider.checked']) expect(append(action).status).toBe(0);
    expect(bash(fence(page, 'Sign the head')).status).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made and checked by the printed commands, also after the trail went on', () => {
    expect(check().stdout).toMatch(
      /Good "masterkey-audit" signature for log-custodian[\s\S]*is the last record/,
    );
    expect(append('provider.checked').status).toBe(0);
    expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('1 record followed since') });
  });

  it('refuses another print, and a trail that was cut', () => {
    const [print, trail] = [join(folder, 'head.txt'), join(folder, 'trail.jsonl')];
    const [whole, records] = [readFileSync(print), readFileSync(trail, 'utf8')];
    writeFileSync(print, `${whole}`.replace(/^2:/, '1:'));
    expect(check().status).not.toBe(0);
    writeFileSync(print, whole);
    writeFileSync(trail, `${records.split('\n')[0]}\n`);
    expect(check()).toMatchObject({ status: 1, stderr: expect.stringContaining('truncated') });
  });
});
