/** The switchboard: a stand-in that is answered by it does what it does as a process of its own, and nobody waits for the dead. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../scripts/tabletop/machine/sandbox';
import { findTool } from '../../../scripts/tabletop/machine/tools';
import { answeredBy, buildTools, type Tools, wrappersFor } from '../../../scripts/tabletop/world/tool-set';
import { becomes, processesThat } from '../living';
import { makeSandbox } from './sandbox';

const project = resolve(__dirname, '../../..');
const listed = ['aws', 'gcloud', 'vault', 'psql', 'pkcs11-tool', 'base64', 'sleep', 'head', 'cat'];
const seeded = makeSandbox();
let tools: Tools;
/** Calls are answered; one that is not fails, as there is no such program. */
let answered: Sandbox;
/** Calls are answered or started. */
let both: Sandbox;
/** Every call is a process. */
let started: Sandbox;

beforeAll(async () => {
  tools = await buildTools();
  const base = { tools: listed, home: seeded.home, world: seeded.world };
  const none = { ...tools, providers: '/nowhere/providers.cjs' };
  answered = createSandbox({ ...base, wrappers: wrappersFor(none, listed), switchboard: answeredBy(tools) });
  both = createSandbox({ ...base, wrappers: wrappersFor(tools, listed), switchboard: answeredBy(tools) });
  started = createSandbox({ ...base, wrappers: wrappersFor(tools, listed) });
});
afterAll(() => {
  for (const sandbox of [answered, both, started]) sandbox?.destroy();
  seeded.remove();
});

function run(sandbox: Sandbox, script: string) {
  const { status, stdout, stderr } = spawnSync(findTool('bash'), ['--noprofile', '--norc', '-c', script], {
    cwd: sandbox.home,
    env: {
      ...sandbox.env,
      HOME: sandbox.home,
      PATH: sandbox.path,
      VAULT_ADDR: 'https://vault.ledger.example:8200',
    },
    encoding: 'latin1',
  });
  expect(status).not.toBeNull();
  return { status, stdout, stderr };
}

const calls: readonly (readonly [what: string, script: string])[] = [
  ['prints', 'aws --version'],
  ['fails in its own words', 'aws kms decrypt --region us-east-1'],
  [
    'fails on stderr, status and all',
    'gcloud kms keyrings describe none --project example-shards --location global; echo "$?"',
  ],
  ['takes words as they are', "vault read 'a  b' '' $'c\\nd' '$HOME'"],
  [
    'takes its environment',
    'VAULT_ADDR=https://elsewhere.example:8200 vault status; AWS_PROFILE=nobody aws sts get-caller-identity',
  ],
  [
    'works where it was called',
    'mkdir sub; cd sub; printf x > c.bin; aws kms decrypt --region us-east-1 --key-id alias/none --encryption-algorithm RSAES_OAEP_SHA_256 --ciphertext-blob fileb://c.bin',
  ],
  ['reads a document', "psql service=masterkey --no-psqlrc <<'SQL'\nSELECT 1;\nSQL"],
  ['reads a string', "vault write transit/decrypt/none ciphertext=- <<<'vault:v1:YQ=='"],
  [
    'reads a file from where it is read',
    'printf \'first\\nvault:v1:YQ==\' > in.txt; { read -r line; vault write transit/decrypt/none ciphertext=-; } < in.txt; echo "$line"',
  ],
  ['reads nothing', 'vault write transit/decrypt/none ciphertext=- < /dev/null'],
  ['writes where others write', '{ echo before; aws --version; echo after; } > out.txt; cat out.txt'],
  ['writes into a pipe that is closed early', 'vault --help | head -c 10'],
];

describe('a call that is answered', () => {
  test.each(calls)('%s as a process does', (_, script) => {
    const wanted = run(started, script);
    expect(wanted.stdout + wanted.stderr).not.toBe('');
    expect(run(answered, script)).toEqual(wanted);
  });

  test('leaves none of its output behind', () => {
    run(answered, 'aws --version; aws kms decrypt --region us-east-1');
    expect(readdirSync(answered.jobs)).toEqual([]);
  });

  test('is one of many at the same time', () => {
    const { stdout } = run(answered, 'for n in {1..20}; do command aws --version & done; wait');
    expect(stdout.split('\n').filter((line) => line.startsWith('aws-cli/'))).toHaveLength(20);
  });
});

describe('a call is a process of its own', () => {
  const late = '{ sleep 0.3; printf vault:v1:YQ==; } | vault write transit/decrypt/none ciphertext=-';

  test('when its input is still to come', () => {
    expect(run(answered, late).stderr).toContain('/nowhere/providers.cjs');
    expect(run(both, late)).toEqual(run(started, late));
  });

  test('when something hangs', () => {
    for (const sandbox of [answered, both, started])
      writeFileSync(join(sandbox.world, 'faults.json'), '{"aws-kms:us-east-1": "hang"}');
    const call =
      'aws sts get-caller-identity --region us-east-1 --cli-connect-timeout 5 --cli-read-timeout 15';
    expect(run(answered, call).stderr).toContain('/nowhere/providers.cjs');
    expect(run(both, call)).toEqual(run(started, call));
    for (const sandbox of [answered, both, started]) rmSync(join(sandbox.world, 'faults.json'));
  });
});

test('nobody waits for a caller that was killed', () => {
  const killed = 'for n in {1..10}; do aws --version >/dev/null & kill -KILL "$!"; done; wait; vault version';
  expect(run(answered, killed).stdout).toContain('stand-in');
});

test('ends with the drill, however that ends', async () => {
  const script = `const { answeredBy, buildTools } = require('./scripts/tabletop/world/tool-set.ts'); buildTools().then((tools) => console.log(answeredBy(tools).folder)); setInterval(() => {}, 1000);`;
  const drill = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: project });
  const [text] = (await once(drill.stdout, 'data')) as [Buffer];
  const folder = text.toString().trim();
  const alive = () =>
    processesThat((read) => read('cmdline').includes(`--switchboard\0${folder}`) || undefined);
  expect(alive()).toHaveLength(1);
  drill.kill('SIGKILL');
  await once(drill, 'exit');
  expect(await becomes(() => alive().length === 0)).toBe(true);
});
