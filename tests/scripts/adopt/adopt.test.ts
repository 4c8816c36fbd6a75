/** From an example to ours: on a terminal and from a file, stopped and resumed, with each rule told where it bites. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { pasteUnavailable } from '../../../scripts/tabletop/shell/paste';
import { checkDeployment } from '../../../src/deployment/checks';
import { fictional } from '../../../src/deployment/fictional';
import { loadDeployment } from '../../../src/deployment/load';
import { assignedRoleIds } from '../../../src/deployment/roles';
import { adopt, endOfInput, interrupt, type Typed, Typist } from './terminal';

const project = resolve(__dirname, '../../..');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A project as an adopter gets it: the example's files. */
function fork(): string {
  const folder = mkdtempSync(join(tmpdir(), 'adopt '));
  folders.push(folder);
  for (const name of ['deployment.yaml', 'attestations.yaml'])
    copyFileSync(join(project, 'tests/fixtures/example', name), join(folder, name));
  return folder;
}

/** The deployment of such a project. */
const fileOf = (folder: string) => join(folder, 'deployment.yaml');

const answers: Typed = [
  [/^Organization/, 'Nordhafen Zahlungen GmbH'],
  [/^Name of the key/, 'settlement key', 'settlement-key'],
  [/^Service that/, 'settlement-api'],
  [/^How many are needed/, '5', ''],
  [
    /^Building \d: name/,
    'Werft; Kai 1, Flensburg',
    'Tresor',
    'Tresor; Markt 2, Flensburg',
    'Amt; Allee 3, Kiel',
  ],
  [/^Shard 1: provider/, '1'],
  [/^Shard 2: provider/, 'pkcs11-hsm'],
  [/^Shard [345]: provider/, '6', '6', 'paper'],
  [/: account/, '4829', '482910375561'],
  [/: region/, 'eu-central-1'],
  [/: identityProvider/, 'aws-local-users'],
  [/: module/, '/usr/lib/luna/libCryptoki2.so'],
  [/: model/, 'Luna 7'],
  [/^Shard 2, pkcs11-hsm: building/, 'werft'],
  [/^Shard 3, paper: building/, 'werft'],
  // Three in one building: refused at once.
  [/^Shard 4, paper: building/, 'werft', 'tresor'],
  [/^Shard 5, paper: building/, 'amt'],
  [
    /^Person \d: /,
    'Anke Petersen',
    'Anke Petersen',
    '',
    'Bodo Hansen @ Prüfwerk AG',
    '',
    'Celia Berg',
    'Dora Ost',
    'Emil Ost',
    'Falk Ost',
    'Gesa Ost',
    'Hilde Ost',
  ],
];

describe.skipIf(pasteUnavailable() !== undefined)('on a terminal', () => {
  it('eight people answer their names, take what is proposed, and have a file that keeps every rule', async () => {
    const root = fork();
    const { code, shown } = await adopt(root, new Typist([...answers, [/Type replace/, 'replace']]));
    expect(code, shown).toBe(0);
    const deployment = loadDeployment(fileOf(root));
    expect(deployment.people.map(({ name }) => name)).toContain('Falk Ost');
    expect(deployment.people).toHaveLength(8);
    expect(fictional(deployment)).toEqual([]);
    expect(checkDeployment(deployment)).toEqual([]);
    expect(readFileSync(join(root, 'attestations.yaml'), 'utf8')).toMatch(/^attestations: \[\]$/m);
    expect(existsSync(join(root, '.adopt.yaml'))).toBe(false);
    for (const said of [
      'wanted a short name of lower-case letters',
      '5 of 5: the loss of one shard would lose the key (MN-2)',
      'wanted a name and an address, with a semicolon',
      'wanted the 12 digits of an AWS account',
      'IND-1: the building "werft" holds 3 shards (2, 3, 4)',
      '"Anke Petersen" is there already, as anke-petersen',
      'one person of another organization',
      'the rules need at least 8 people in all',
      '2 people are too few: the rules need 8',
    ])
      expect(shown).toContain(said);
  });

  it('stops at Ctrl+C and Ctrl+D, goes on where it stopped, and writes over nothing without a word', async () => {
    const root = fork();
    const before = readFileSync(fileOf(root));
    const typist = new Typist(answers);
    const stopped = await adopt(root, typist.first([[/^How many shards/, interrupt]]));
    expect(stopped.code, stopped.shown).toBe(130);
    expect(stopped.shown).toContain('Stopped. The answers are in .adopt.yaml');
    expect(parse(readFileSync(join(root, '.adopt.yaml'), 'utf8'))).toEqual({
      organization: 'Nordhafen Zahlungen GmbH',
      key: { name: 'settlement-key', service: 'settlement-api', bytes: 32 },
    });
    const again = await adopt(root, typist.first([[/: module/, endOfInput]]));
    expect(again.code, again.shown).toBe(130);
    expect(again.shown).toContain('Going on with the answers of .adopt.yaml');
    expect(again.shown).not.toContain('Organization:');
    const refused = await adopt(root, typist.first([[/Type replace/, 'yes']]));
    expect(refused.code, refused.shown).toBe(1);
    expect(refused.shown).toContain('Nothing was written');
    expect(readFileSync(fileOf(root))).toEqual(before);
    const last = await adopt(root, typist.first([[/Type replace/, 'replace']]), 1);
    expect(last.code, last.shown).toBe(0);
    expect(loadDeployment(fileOf(root)).organization).toBe('Nordhafen Zahlungen GmbH');
  });

  it('explains a rule when an answer breaks it, proposes around what was answered, and takes an answer back', async () => {
    const root = fork();
    const { code, shown } = await adopt(
      root,
      new Typist(answers).first([
        [/^Shard 1, aws-kms: custodian/, 'anke-petersen'],
        [/^Shard 1, aws-kms: alternate/, 'anke-petersen', '<', ''],
        [/^Shard 1, aws-kms: custodian/, 'Celia Berg'],
        [/^Shard 1, aws-kms: administrators/, 'celia-berg', 'nobody', ''],
        [/^internal-witness/, 'celia-berg', ''],
        [/^operator/, 'bodo-hansen', ''],
        [/Type replace/, 'replace'],
      ]),
    );
    expect(code, shown).toBe(0);
    for (const said of [
      'MN-4: "anke-petersen" is custodian and alternate of shard 1',
      'SOD-16: "celia-berg" is administrator of the key of shard 1 and its custodian',
      '"nobody" is nobody of the list; known: anke-petersen',
      'SOD-6: "celia-berg" is both internal-witness and custodian',
      'PEOPLE: after this nobody was found for all that is left',
    ])
      expect(shown).toContain(said);
    expect(loadDeployment(fileOf(root)).shards[0]?.custodian).toBe('celia-berg');
  });
});

/** Runs without a terminal. */
function run(...words: string[]) {
  const child = spawnSync(
    process.execPath,
    [join(project, 'node_modules/tsx/dist/cli.mjs'), join(project, 'scripts/adopt/main.ts'), ...words],
    { encoding: 'utf8', input: '' },
  );
  return { code: child.status, said: `${child.stdout}${child.stderr}` };
}

interface Written {
  people: unknown[];
  key: Record<string, unknown>;
  roles?: Record<string, string[]>;
  shards: Record<string, unknown>[];
}

/** Takes everybody out of the shards. */
function withoutPeople({ shards }: Written): void {
  for (const shard of shards)
    for (const name of ['custodian', 'alternate', 'administrators', 'safeControllers']) delete shard[name];
}

/** A file of answers: a deployment with a change. */
function answersOf(file: string, change: (answers: Written) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'answers '));
  folders.push(folder);
  const all = parse(readFileSync(file, 'utf8'));
  change(all);
  writeFileSync(join(folder, 'answers.yaml'), stringify(all));
  return join(folder, 'answers.yaml');
}

const eight = join(project, 'tests/fixtures/deployments/eight-people.yaml');

describe('from a file', () => {
  test.each(['eight-people', 'paper', 'no-paper', 'names', 'azure', '4-of-7', 'two-of-each'])(
    '%s is the same deployment, with comments',
    (name) => {
      const root = fork();
      const file = join(project, `tests/fixtures/deployments/${name}.yaml`);
      const { code, said } = run('--from', file, '--root', root, '--replace');
      expect(code, said).toBe(0);
      const written = fileOf(root);
      expect(loadDeployment(written)).toEqual(loadDeployment(file));
      const text = readFileSync(written, 'utf8');
      expect(text.split('\n')[0]).toBe(
        '# yaml-language-server: $schema=./static/schemas/deployment.schema.json',
      );
      // Each part and each role says what it is, and names its rules.
      for (const part of [
        'organization',
        'key',
        'database',
        'shards',
        'people',
        'roles',
        'sites',
        ...assignedRoleIds,
      ])
        expect(text).toMatch(new RegExp(`# .+\\n *${part}:`));
      expect(text).toMatch(/SOD-4.*\n {2}operator:/);
    },
  );

  it('refuses to write over a file without a word, and changes nothing', () => {
    const root = fork();
    const before = readFileSync(fileOf(root));
    const { code, said } = run('--from', eight, '--root', root);
    expect([code, said]).toEqual([
      2,
      'adopt: error: deployment.yaml is there, and would be written over; wanted --replace\nadopt: hint: npm run adopt -- --help\n',
    ]);
    expect(readFileSync(fileOf(root))).toEqual(before);
  });

  it('names what is missing, and proposes it where that is asked for', () => {
    const root = fork();
    const file = answersOf(eight, (all) => {
      withoutPeople(all);
      all.roles = { operator: ['dmitri'] };
      delete all.key.version;
    });
    const missing = run('--from', file, '--root', root, '--replace');
    expect(missing.code).toBe(1);
    expect(missing.said).toMatch(
      /answers\.yaml:\d+: SCHEMA: roles ceremony-master: is missing; wanted a list/,
    );
    const proposed = run('--from', file, '--root', root, '--replace', '--propose');
    expect(proposed.code, proposed.said).toBe(0);
    expect(loadDeployment(fileOf(root)).roles.operator).toEqual(['dmitri']);
  });

  it('tells a broken rule at the line of the answers, with the smallest change', () => {
    const file = answersOf(eight, (all) => {
      Object.assign(all.roles ?? {}, { 'log-custodian': ['dmitri'] });
    });
    const { code, said } = run('--from', file, '--root', fork(), '--replace');
    expect(code).toBe(1);
    const [, line] =
      /answers\.yaml:(\d+): SOD-4: "dmitri" is both operator and log-custodian.* The smallest change: /.exec(
        said,
      ) ?? [];
    expect(readFileSync(file, 'utf8').split('\n')[Number(line) - 1]).toContain('dmitri');
  });

  test.each<[string, string[], RegExp, number]>([
    ['no terminal', [], /there is no terminal to ask on; wanted one, or --from FILE/, 2],
    ['no file', ['--from', '/nowhere/a.yaml'], /a\.yaml:1: FILE: cannot be read \(ENOENT\)/, 1],
    ['an option that is none', ['--form', 'x'], /Unknown option '--form'/, 2],
    ['--propose alone', ['--propose'], /--propose is for --from/, 2],
  ])('says in one line that there is %s', (_, words, said, code) => {
    const result = run(...words, '--root', fork());
    expect(result.code).toBe(code);
    expect(result.said).toMatch(said);
    expect(result.said.split('\n').length).toBeLessThan(4);
  });

  it('needs more people than there are', () => {
    const file = answersOf(eight, (all) => {
      all.people.shift();
      withoutPeople(all);
      delete all.roles;
    });
    const { code, said } = run('--from', file, '--root', fork(), '--replace', '--propose');
    expect(code).toBe(1);
    expect(said).toMatch(/answers\.yaml:\d+: PEOPLE: nobody is left for some role/);
  });
});
