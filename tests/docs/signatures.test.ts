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

describe('the time stamp of a head', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stamp-'));
  const page = 'docs/audit/audit-trail.mdx';
  const sss = `sss() { '${process.execPath}' '${join(root, 'scripts/sss/bin.cjs')}' "$@"; }`;
  const bash = (script: string) =>
    spawnSync('bash', ['-c', `set -e\n${sss}\n${script}`], { cwd: folder, encoding: 'utf8' });
  const append = (action: string) =>
    bash(`sss audit append --action ${action} --actor wanda --actor-role log-custodian trail.jsonl`);
  const verify = (more = '') => bash(`sss audit verify --head "$(cat head.txt)" ${more} trail.jsonl`);
  const check = () => bash(fence(page, 'Check the time stamp'));

  /** An authority of its own: a root, and a signer that may stamp for so many days. */
  const authority = (name: string, days: number) => `
    openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=${name} root' -days 30 -keyout ${name}-root.key -out ${name}.pem
    openssl req -newkey rsa:2048 -nodes -subj '/CN=${name} signer' -keyout ${name}-signer.key -out ${name}-signer.csr
    printf 'extendedKeyUsage=critical,timeStamping\n' > ${name}.ext
    openssl x509 -req -in ${name}-signer.csr -CA ${name}.pem -CAkey ${name}-root.key -CAcreateserial -days ${days} -extfile ${name}.ext -out ${name}-signer.pem
    printf '%s\n' '[tsa]' 'default_tsa=one' '[one]' 'serial=serial' 'default_policy=1.3.6.1.4.1.1' \
      'digests=sha256' 'signer_digest=sha256' 'ess_cert_id_alg=sha256' > ${name}.conf
    printf '01\n' > serial`;
  const stamp = (name: string, query: string, answer: string) => `
    openssl ts -reply -config ${name}.conf -queryfile ${query} -signer ${name}-signer.pem -inkey ${name}-signer.key -out ${answer}`;

  beforeAll(() => {
    for (const action of ['trail.opened', 'provider.checked']) expect(append(action).status).toBe(0);
    expect(bash(`exec 2> log.txt\n${authority('outside', 20)}\n${authority('other', 20)}`).status).toBe(0);
    expect(
      bash(`${fence(page, 'Ask for a time stamp')}\n${stamp('outside', 'head.tsq', 'head.tsr')}`).status,
    ).toBe(0);
    execFileSync('cp', ['outside.pem', 'authority.pem'], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is asked for and checked by the printed commands, also after the trail went on', () => {
    const { status, stdout, stderr } = check();
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toMatch(/^VERIFIED: 2 records[\s\S]*Its authority saw the given head at 20\d\d-/m);
    expect(append('provider.checked').status).toBe(0);
    expect(verify('--stamp head.tsr --authority authority.pem')).toMatchObject({ status: 0 });
  });

  it('is no pass without the certificate of its authority', () => {
    const { status, stdout } = verify('--stamp head.tsr');
    expect(status).toBe(4);
    expect(stdout).toMatch(/^UNVERIFIABLE: /);
    expect(stdout).toContain(
      'Not checked: the time stamp, because no certificate of its authority was given.',
    );
  });

  it.each([
    ['of another authority', '--stamp head.tsr --authority other.pem'],
    ['over another print', '--stamp wrong.tsr --authority authority.pem'],
    ['that was changed', '--stamp changed.tsr --authority authority.pem'],
    ['that is no time stamp', '--stamp head.txt --authority authority.pem'],
    ['from before its record', '--stamp early.tsr --authority authority.pem'],
  ])('fails when it is one %s', (what, options) => {
    if (what.includes('another print'))
      expect(
        bash(
          `printf x > x.txt; openssl ts -query -data x.txt -sha256 -cert -out x.tsq${stamp('outside', 'x.tsq', 'wrong.tsr')}`,
        ).status,
      ).toBe(0);
    if (what.includes('changed')) {
      const bytes = readFileSync(join(folder, 'head.tsr'));
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
      writeFileSync(join(folder, 'changed.tsr'), bytes);
    }
    if (what.includes('before')) {
      const time = new Date(Date.now() + 4 * 60_000).toISOString();
      const later = `sss audit append --action provider.checked --time ${time} --actor wanda --actor-role log-custodian trail.jsonl`;
      const ask =
        'sss audit head trail.jsonl > head.txt; openssl ts -query -data head.txt -sha256 -cert -out early.tsq';
      expect(bash(`${later}; ${ask}${stamp('outside', 'early.tsq', 'early.tsr')}`)).toMatchObject({
        status: 0,
      });
    }
    const { status, stdout } = verify(options);
    expect({ status, stdout: stdout.split(':')[0] }).toEqual({ status: 1, stdout: 'FAILED' });
    expect(stdout).toMatch(/The time stamp is (not by this authority|of 20)/);
  });

  it('is refused in one line without a head, and the certificate without a stamp', () => {
    expect(bash('sss audit verify --stamp head.tsr trail.jsonl')).toMatchObject({ status: 2 });
    expect(bash('sss audit verify --authority authority.pem trail.jsonl')).toMatchObject({ status: 2 });
    expect(verify('--stamp none.tsr --authority authority.pem')).toMatchObject({ status: 3 });
  });
});
