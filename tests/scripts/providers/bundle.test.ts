/** The bundle: one file that needs only Node, passes output and exit code through, and keeps state in the world directory. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProviders } from '../../../scripts/providers/bundle';
import { standIns } from '../../../scripts/providers/stand-ins';
import { makeSandbox, words } from './sandbox';

const folder = mkdtempSync(join(tmpdir(), 'bundle with space-'));
const file = join(folder, 'providers.cjs');
const sandbox = makeSandbox();

beforeAll(() => bundleProviders(file));
afterAll(() => {
  rmSync(folder, { recursive: true });
  sandbox.remove();
});

function run(line: string, input = '') {
  const [tool = '', ...rest] = words(line);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, tool, sandbox.world, ...rest], {
    cwd: sandbox.cwd,
    env: { HOME: sandbox.home, VAULT_ADDR: 'https://vault.ledger.example:8200' },
    input,
  });
  return { code: status, stdout: stdout.toString(), stderr: stderr.toString() };
}

test('needs nothing but Node', () => {
  const required = [...readFileSync(file, 'utf8').matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
  expect(required.length).toBeGreaterThan(0);
  expect(required.filter((name) => !name?.startsWith('node:'))).toEqual([]);
});

test('runs each tool, and says that it is a stand-in', () => {
  for (const line of ['aws --version', 'gcloud --version', 'vault version', 'psql --version']) {
    expect(run(line)).toMatchObject({ code: 0, stderr: '' });
    expect(run(line).stdout).toContain('stand-in');
  }
  expect(run('pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --list-token-slots').code).toBe(0);
  expect(run('nothing')).toMatchObject({ code: 64, stdout: '' });
});

test('passes exit code, output and input through', () => {
  expect(run('aws sts get-caller-identity --region us-east-1 --query Account --output text')).toEqual({
    code: 0,
    stdout: '000000000001\n',
    stderr: '',
  });
  expect(run('aws kms decrypt --region us-east-1')).toMatchObject({ code: 252, stdout: '' });
  const piped = run('vault write transit/decrypt/none ciphertext=-', 'vault:v1:YQ==');
  expect(piped.code).toBe(2);
  expect(piped.stderr).toContain('* encryption key not found');
});

test('keeps what it made in files that only their owner reads, and leaves no draft', () => {
  const made = run('gcloud kms keyrings create ring --project example-shards --location global');
  expect(made).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(run('gcloud kms keyrings create ring --project example-shards --location global').code).toBe(1);
  const names = readdirSync(sandbox.world).sort();
  const states = Object.values(standIns).map(({ state }) => `${state.name}.json`);
  expect(names).toEqual([...states, 'calls.jsonl', 'faults.json', 'postgres.json'].sort());
  for (const name of names) expect(statSync(join(sandbox.world, name)).mode & 0o777).toBe(0o600);
});

test('a fault that a provider cannot have is an error of the drill, in one line', () => {
  const script = `require('fs').writeFileSync(process.argv[1], '{"aws-kms": "sealed"}')`;
  execFileSync(process.execPath, ['-e', script, join(sandbox.world, 'faults.json')]);
  const { code, stderr } = run('aws sts get-caller-identity --region us-east-1');
  expect(code).toBe(70);
  expect(stderr).toMatch(/^stand-in aws: faults\.json: aws-kms cannot be "sealed"; wanted one of .*\n$/);
});
