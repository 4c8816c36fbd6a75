/** Whoever is stopped finds a row: for every word that a tool can print there is one, it has four parts, and it destroys nothing. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { standIns } from '../../scripts/providers/stand-ins';
import { loadDeployment } from '../../src/deployment/load';
import { providerIds } from '../../src/deployment/providers/registry';
import { compilePage } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import { partialReader } from '../../src/procedure/text/load-partial';
import { calls, explains, parseRefusals, readRefusals } from '../../src/procedure/text/refusals';
import { exampleDeployment } from '../example';

const root = resolve(__dirname, '../..');
const read = partialReader(root);
const lists = readRefusals(read);
const deployment = loadDeployment(exampleDeployment);
const procedures = loadProcedures(root, deployment);
const rows = lists.flatMap((list) => list.rows.map((row) => ({ ...row, file: list.file })));
const page = (file: string) => {
  const found = procedures.find((procedure) => procedure.file === file);
  if (!found) throw new RangeError(`there is no page ${file}`);
  return found;
};
const textOf = (file: string) =>
  page(file)
    .lines.map(({ text }) => text)
    .join('\n');

/** Compiles the unseal page with a partial changed. */
const compileWith = (changed: string, change: (text: string) => string) =>
  compilePage('docs/emergency/unseal.mdx', read('docs/emergency/unseal.mdx') ?? '', deployment, (file) => {
    const text = read(file);
    return file === changed && text !== undefined ? change(text) : text;
  });

describe('the build', () => {
  it('fails where a command can print what no row explains, at the command', () => {
    const aws = 'docs/_providers/aws-kms.mdx';
    const without = (text: string) => text.replace('- see: [Disabled, PendingDeletion,', '- see: [');
    expect(() => compileWith(aws, without)).toThrow(
      /aws-kms\.mdx:\d+: REFUSAL: step UNS-C1-02: aws kms describe-key can print "Disabled", and no row says/,
    );
  });

  it('fails where nobody has listed what the tool of a provider can print', () => {
    const without = (text: string) => text.replace(/\nrefusals:\n[\s\S]*?\n---\n/, '\n---\n');
    expect(() => compileWith('docs/_providers/vault-transit.mdx', without)).toThrow(
      /step UNS-C3-02: nobody has listed what vault can print/,
    );
  });

  it('fails where a page does not lead to the rows', () => {
    const without = (text: string) => text.replaceAll('/emergency/stopped-providers', '/emergency/index');
    const all = (file: string) => {
      const text = read(file);
      return text === undefined ? undefined : without(text);
    };
    expect(() =>
      compilePage('docs/emergency/unseal.mdx', all('docs/emergency/unseal.mdx') ?? '', deployment, all),
    ).toThrow(/unseal\.mdx:1: REFUSAL: .* no link to \/emergency\/stopped-providers/);
  });

  it('names the entry of a list that lacks a part', () => {
    const text = (read('docs/_refusals/psql.yaml') ?? '').replace(/^ {6}stop: .*$/m, '');
    expect(() => parseRefusals('docs/_refusals/broken.yaml', text)).toThrow(
      /refusals rows 1\. stop: is missing/,
    );
  });

  it('names the line of a list that is no YAML', () => {
    expect(() => parseRefusals('docs/_refusals/bad.yaml', 'refusals:\n  tools: [a\n')).toThrow(
      /bad\.yaml:\d+: REFUSAL: /,
    );
  });
});

describe('a command in a line', () => {
  it.each([
    ['aws kms decrypt --region x', 'aws kms decrypt', true],
    ['AWS_PROFILE=1 aws kms describe-key', 'aws', true],
    ['a && base64 --decode x', 'base64', true],
    ['x="$(base64 --wrap=0 f)"', 'base64', true],
    ["printf 'aws kms decrypt'", 'aws', false],
    ['cat aws kms', 'aws', false],
    ['sss combine --out k', 'sss verify', false],
  ])('%s: %s', (line, command, expected) => {
    expect(calls(line, command)).toBe(expected);
  });
});

describe('the lists', () => {
  it('have one for each provider with a tool, and for the tools that every provider needs', () => {
    const listed = lists.flatMap(({ tools }) => tools);
    expect(listed).toEqual(expect.arrayContaining(['psql', 'sss', 'openssl', '*']));
    expect(
      Object.values(standIns)
        .map(({ tool }) => tool)
        .filter((tool) => !listed.includes(tool)),
    ).toEqual([]);
  });

  it('hold no row for what nothing prints', () => {
    const idle = lists.flatMap(({ rows: own, prints, file }) =>
      own
        .filter((row) => !prints.some(({ words }) => words.some((word) => explains(row, word))))
        .map((row) => `${file}: ${row.see[0]}`),
    );
    expect(idle).toEqual([]);
  });

  it('hold every state of a key at AWS KMS that is not Enabled', () => {
    const states =
      'Creating Disabled PendingDeletion PendingImport PendingReplicaDeletion Unavailable Updating';
    const aws = lists.find(({ tools }) => tools.includes('aws'));
    for (const state of states.split(' '))
      expect(
        aws?.rows.some((row) => explains(row, state)),
        state,
      ).toBe(true);
  });

  it('hold every state of a key version at Google Cloud KMS that is not ENABLED', () => {
    const states =
      'PENDING_GENERATION DISABLED DESTROYED DESTROY_SCHEDULED PENDING_IMPORT IMPORT_FAILED GENERATION_FAILED PENDING_EXTERNAL_DESTRUCTION EXTERNAL_DESTRUCTION_FAILED';
    const gcloud = lists.find(({ tools }) => tools.includes('gcloud'));
    for (const state of states.split(' '))
      expect(
        gcloud?.rows.some((row) => explains(row, state)),
        state,
      ).toBe(true);
  });

  it('hold every refusal of a shard that the source of the shard tool words', () => {
    const sources = ['src/shard/format.ts', 'src/shard/manifest.ts'].map((file) =>
      readFileSync(join(root, file), 'utf8'),
    );
    const messages = sources.flatMap((source) =>
      [
        ...source.matchAll(
          /new ShardError\(\s*'(?!manifest)([a-z-]+)',\s*[`']([^`\n]*?)[`'],?\s*(?:\)|hint|newest|never|'[A-Z])/g,
        ),
      ].map(([, , message = '']) => message.replace(/\$\{[^}]*\}/g, '1')),
    );
    expect(messages.length).toBeGreaterThan(15);
    const own = lists.find(({ tools }) => tools.includes('sss'))?.rows ?? [];
    // Of the writer, which no recovery page calls.
    const writer = /^(?:key of|check value must|set id must)/;
    expect(messages.filter((text) => !writer.test(text) && !own.some((row) => explains(row, text)))).toEqual(
      [],
    );
  });

  it('hold what is seen in the first minutes of an incident', () => {
    const seen = [
      ['aws', 'Error loading SSO Token: Token for x does not exist'],
      ['aws', 'An error occurred (ExpiredTokenException) when calling the Decrypt operation'],
      ['aws', 'The config profile (000000000001) could not be found'],
      ['vault', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
      ['psql', 'psql: error: definition of service "masterkey" not found'],
      [
        'psql',
        'psql: error: could not translate host name "db.ledger.example" to address: Name or service not known',
      ],
      ['gcloud', 'Reauthentication failed. cannot prompt during non-interactive execution.'],
      ['*', 'bash: sss: command not found'],
      ['sss', 'sss: error: master.key: exists already'],
      ['sss', 'sss: error: shard-1.txt: empty, wanted one shard line that starts with mks1'],
    ] as const;
    // In the list of the tool that prints it: a row of another tool may hold the same words, and means something else.
    const silent = seen.filter(
      ([tool, text]) =>
        !lists.some((list) => list.tools.includes(tool) && list.rows.some((row) => explains(row, text))),
    );
    expect(silent).toEqual([]);
  });
});

describe('what a stand-in can be made to print', () => {
  const modes = Object.entries(standIns).flatMap(([id, { stops }]) =>
    Object.entries(stops)
      .filter(([mode]) => mode !== 'wrong-shard')
      .map(([mode, { message }]) => ({ id, mode, message })),
  );

  it.each(modes)('has its row: $id, $mode', ({ id, mode, message }) => {
    const own = lists.find(({ file }) => file === `docs/_providers/${id}.mdx`)?.rows ?? [];
    const found = own.filter((row) => explains(row, message));
    expect(found).toHaveLength(1);
    expect(found[0]?.played).toContain(mode);
  });

  it('is all that a row says is played', () => {
    const stray = Object.entries(standIns).flatMap(([id, { stops }]) =>
      (lists.find(({ file }) => file === `docs/_providers/${id}.mdx`)?.rows ?? []).flatMap(
        ({ played = [] }) =>
          played
            .filter((mode) => mode !== 'ciphertext-flipped' && !(mode in stops))
            .map((mode) => `${id}: ${mode}`),
      ),
    );
    expect(stray).toEqual([]);
  });
});

describe('a row', () => {
  it('speaks of tampering only after the other causes: when to give up, never at first', () => {
    const alarm = /tamper|attack|forged/i;
    const early = rows.filter(({ means, undo, next }) => alarm.test(`${means} ${undo} ${next}`));
    // x = 0 has a right checksum and no honest cause.
    expect(early.map(({ see }) => see[0])).toEqual(
      rows.filter(({ see }) => see[0]?.startsWith('x is 0')).map(({ see }) => see[0]),
    );
  });

  it('sends a ciphertext that is refused back to the step that fetches it, before anything else', () => {
    const refused = rows.filter(({ played }) => played?.includes('ciphertext-flipped'));
    expect(refused).toHaveLength(Object.keys(standIns).length);
    for (const { next, stop } of refused) {
      expect(next).toMatch(/^Read aloud the number of the shard in the command that fetches it\./);
      expect(stop).toContain('Treat the registry as tampered with');
    }
  });

  it('unsets no variable that lives in a subshell only', () => {
    const commands = procedures
      .flatMap(({ steps }) => steps.flatMap(({ command }) => command?.lines.map(({ text }) => text) ?? []))
      .join('\n');
    const forgotten = rows.flatMap(({ file, see, undo, next }) =>
      [...`${undo} ${next}`.matchAll(/unset ([A-Z_]+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => commands.includes(`${name}=`))
        .filter((name) => !new RegExp(`^(?:export )?${name}=`, 'm').test(commands))
        .map((name) => `${file}: ${see[0]} unsets ${name}`),
    );
    expect(forgotten).toEqual([]);
  });

  it('of an HSM says of what the token step shows that no PIN was asked, and leads on', () => {
    const hsm = rows.filter(({ file }) => file.includes('pkcs11-hsm'));
    const find = page('docs/emergency/unseal.mdx').steps.find(({ id }) => id === 'UNS-C4-02');
    expect(find?.command?.title).toBe('Find the token');
    for (const shown of [
      'found 0, token',
      'found 2, token',
      'user PIN count low',
      'final user PIN try',
      'user PIN locked',
    ]) {
      const row = hsm.find((each) => explains(each, shown));
      expect(row?.undo, shown).toBe('Nothing is left. No PIN was asked for.');
    }
    const of = (words: string) => hsm.find((each) => explains(each, words));
    // To begin again at the step that shows the warning would show it again, for ever.
    expect(of('user PIN count low')?.again).toBe('The step after "Find the token".');
    expect(of('CKR_PIN_INCORRECT')?.again).toMatch(/^The step "Find the token"/);
    expect(of('CKR_FUNCTION_NOT_SUPPORTED')?.again).toMatch(/^The step that fetches/);
  });

  it('never orders that everything is wiped', () => {
    const wipes = rows.filter(({ undo, next, again, stop }) =>
      /\bwipe (?:all|everything|the folder)/i.test(`${undo} ${next} ${again} ${stop}`),
    );
    expect(wipes).toEqual([]);
  });

  it('for a key that is disabled or pending takes another shard, and mends this one later', () => {
    const pending = rows.filter(({ see }) => see.some((word) => /^(?:Disabled|DISABLED|false)$/.test(word)));
    expect(pending.length).toBe(3);
    for (const { next } of pending)
      expect(next).toMatch(/^Take another shard\. Repair this one later, \[S05\]/);
  });
});

describe('no row fits', () => {
  it.each(['docs/emergency/unseal.mdx', 'docs/emergency/region-down.mdx', 'docs/emergency/stopped.mdx'])(
    '%s wipes nothing and names whom to call',
    (file) => {
      const text = textOf(file);
      const [, none = ''] =
        /No row fits[\s\S]{0,40}?((?:\n|.)*)/.exec(
          text.slice(text.search(/No row fits\]?[(:\s]|## No row fits/)),
        ) ?? [];
      expect(none).toMatch(/wipe nothing/i);
      expect(none).toContain('Leonie Example');
      expect(text).not.toMatch(/no row fits: do step/i);
    },
  );
});

describe('a decryption that fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'failed-decrypt-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A tool that opens its output as the real one does, and then fails. */
  const failing = `#!/bin/bash
while [ $# -gt 0 ]; do
  case "$1" in --output-file|--plaintext-file) : > "$2";; esac
  shift
done
echo refused >&2
exit 1
`;
  for (const tool of ['aws', 'gcloud', 'az', 'vault', 'pkcs11-tool']) {
    writeFileSync(join(folder, tool), failing);
    chmodSync(join(folder, tool), 0o755);
  }
  const azure = loadDeployment(join(root, 'tests/fixtures/deployments/azure.yaml'));
  const unseal = 'docs/emergency/unseal.mdx';
  const ofAzure = compilePage(unseal, read(unseal) ?? '', azure, read).steps;
  // Of every page: most hand the shard on in a pipe, and some keep it in a file.
  const steps = [...ofAzure, ...procedures.flatMap((procedure) => procedure.steps)]
    .filter(({ log, command }) => command && log.includes('shard.unwrapped'))
    .map((step) => [step.id, step] as const);

  it.each(steps)('leaves no file that combine would take: %s', (_, step) => {
    const room = mkdtempSync(join(folder, 'room-'));
    writeFileSync(join(room, `shard-${step.shard}.bin`), 'x');
    const script = step.command?.lines.map(({ text }) => text).join('\n') ?? '';
    spawnSync('bash', ['-c', script], {
      cwd: room,
      env: { PATH: `${folder}:/usr/bin:/bin`, HSM_PIN: '123456' },
      stdio: 'ignore',
    });
    expect(readdirSync(room).filter((name) => /^shard-.*\.txt$/.test(name))).toEqual([]);
  });

  it('of every provider is tried', () => {
    const commands = steps.map(([, step]) => step.command?.lines.map(({ text }) => text).join(' ') ?? '');
    for (const id of providerIds.filter((each) => each !== 'paper')) {
      const tool = standIns[id as keyof typeof standIns].tool;
      expect(
        commands.some((command) => command.includes(`${tool} `)),
        tool,
      ).toBe(true);
    }
  });
});
