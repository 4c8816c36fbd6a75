/** A recovery over several places: each has a machine of its own, and what one has seen is not enough for the key. */
import { generateKeyPairSync, publicEncrypt } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillContext, Spot } from '../../../scripts/tabletop/drill/context';
import { runScenario } from '../../../scripts/tabletop/drill/drill';
import { workThrough } from '../../../scripts/tabletop/drill/workers';
import { judgePlaces } from '../../../scripts/tabletop/judging/places';
import { type Home, homes, homeUnavailable } from '../../../scripts/tabletop/machine/homes';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { Account } from '../../../scripts/tabletop/secrets/account';
import { pasteUnavailable } from '../../../scripts/tabletop/shell/paste';
import { carry } from '../../../scripts/tabletop/world/carry';
import { type KnownSet, secretsOf } from '../../../scripts/tabletop/world/oracle';
import { buildTools, type Tools } from '../../../scripts/tabletop/world/tool-set';
import { compilePage } from '../../../src/procedure/compile';
import type { ScenarioResult } from '../../../src/procedure/results/drill-results';
import { placesOfKind } from '../../../src/procedure/rules/places';
import type { Step } from '../../../src/procedure/steps/step';
import { exampleRoot } from '../../example';
import { recoveryPage } from './places-page';

const setting = readSetting(exampleRoot());
const file = 'docs/test.mdx';
let tools: Tools;
beforeAll(async () => {
  tools = await buildTools();
});

/** The scenario of a page that recovers from shards 1, 2 and 3. */
const scenarioOf = (text: string): Scenario => ({
  id: 'test',
  title: 'Test',
  procedures: [compilePage(file, text, setting.deployment, () => undefined)],
  world: 'fixture',
  quorum: [1, 2, 3],
  lost: undefined,
  faults: {},
  tampering: undefined,
  expect: 'recovered',
});

async function run(scenario: Scenario, more: Partial<DrillContext> = {}): Promise<ScenarioResult> {
  const [result] = await workThrough([scenario], 1, (each, database) =>
    runScenario(each, { ...setting, ...database, tools, ...more }),
  );
  return result as ScenarioResult;
}

const wrong = ({ steps, problems }: ScenarioResult) =>
  [...steps.flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : [])), ...problems].map(
    ({ rule, wanted, found, stderr }) => ({ rule, wanted, found, stderr }),
  );

/** The page with one text replaced. */
function changed(before: string, after: string): string {
  const text = recoveryPage();
  expect(text, before).toContain(before);
  return text.replace(before, after);
}

/** Every home has one, with settings that are in the way; where it names an account, somebody is signed in. */
const gcloudFile = '.config/gcloud/configurations/config_default';

/** Names of the profiles in a file of the AWS CLI. */
const profilesIn = (file: string): string[] =>
  existsSync(file)
    ? [...readFileSync(file, 'utf8').matchAll(/^\[(.+)\]$/gm)].map(([, name]) => name ?? '')
    : [];

/** The set of the recovery below. */
let set: KnownSet;

describe('a recovery over several places', () => {
  let result: ScenarioResult;
  let seen: {
    name: string;
    programs: string[];
    home: string[];
    profiles: string[];
    kit: boolean;
    launcher: readonly string[];
  }[] = [];
  let network = '';
  beforeAll(async () => {
    // What the air-gapped machine knows of networks, told where the drill itself works.
    const told = changed(
      'umask 077\n',
      'umask 077\ncat /proc/net/dev > "$HOME/../../jobs/air-gapped/network"\n',
    );
    result = await run(scenarioOf(told), {
      keep: async ({ all }, known) => {
        set = { ...known, key: known.key.slice() };
        network = readFileSync(join(all[0]?.jobs ?? '', 'network'), 'utf8');
        seen = all.map(({ place, path, home, launcher }) => ({
          name: place ?? '',
          programs: ['psql', 'aws', 'gcloud', 'vault', 'sss', 'openssl'].filter((name) =>
            existsSync(join(path, name)),
          ),
          home: [
            ...['.aws/credentials', '.vault-token', '.pg_service.conf'].filter((name) =>
              existsSync(join(home, name)),
            ),
            ...(existsSync(join(home, gcloudFile)) &&
            readFileSync(join(home, gcloudFile), 'utf8').includes('account = ')
              ? [gcloudFile]
              : []),
          ],
          profiles: [...profilesIn(join(home, '.aws/credentials')), ...profilesIn(join(home, '.aws/config'))],
          kit: existsSync(join(home, 'recovery-kit', 'manifest.json')),
          launcher,
        }));
      },
    });
  }, 600_000);

  it('gives the key', () => {
    expect(wrong(result)).toEqual([]);
    expect(result.verdict).toBe('passed');
  });

  it('has a machine at each place, with the tools and sign-ins of its steps alone', () => {
    expect(seen.map(({ name, programs }) => [name, ...programs])).toEqual([
      ['air-gapped', 'sss', 'openssl'],
      ['workstation-1', 'psql', 'aws', 'openssl'],
      ['workstation-2', 'psql', 'gcloud', 'openssl'],
      ['workstation-3', 'psql', 'vault', 'openssl'],
      ['service-host'],
    ]);
    expect(seen.map(({ home }) => home)).toEqual([
      [],
      ['.aws/credentials', '.pg_service.conf'],
      ['.pg_service.conf', gcloudFile],
      ['.vault-token', '.pg_service.conf'],
      [],
    ]);
    expect(seen.every(({ kit }) => kit)).toBe(true);
    // The recovery identity of the own shard, and what an operator has for other work; never an administrator.
    expect(seen.map(({ profiles }) => profiles)).toEqual([
      [],
      ['default', '000000000001', 'default', 'profile 000000000001'],
      ['default'],
      ['default'],
      ['default'],
    ]);
  });

  it('finds no network at the air-gapped machine', () => {
    // Two lines of headings, and the loopback that is down; elsewhere nothing is taken away.
    if ((seen[0]?.launcher.length ?? 0) > 0) expect(network.trim().split('\n')).toHaveLength(3);
    expect(seen[1]?.launcher).toEqual([]);
  });

  it('says what each place has seen: the key can be had at the air-gapped machine alone', () => {
    expect(result.places).toEqual([
      {
        place: 'air-gapped',
        clear: ['MasterKey', 'shard 1', 'shard 2', 'shard 3'],
        shards: [1, 2, 3],
        rebuilds: true,
      },
      ...[1, 2, 3].map((n) => ({ place: `workstation-${n}`, clear: [], shards: [n], rebuilds: false })),
      { place: 'service-host', clear: [], shards: [], rebuilds: false },
    ]);
  });

  it('is judged by everything that a place has seen, also by what it could open', async () => {
    const line = (n: number) => set.lines.get(n) ?? '';
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const wrapped = (n: number) =>
      publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, Buffer.from(line(n))).toString('base64');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const found = async (told: readonly (readonly [string, string])[], recovered?: readonly number[]) => {
      const account = new Account();
      for (const [place, text] of told) account.hear(place, text);
      return (await judgePlaces(account, set, [], { recovered })).findings.map((each) => each.found);
    };
    expect(await found([['workstation-1', line(1)]])).toEqual([]);
    expect(await found([['workstation-1', line(2)]])).toEqual(['shard 2']);
    expect(await found([['administrator', line(1)]])).toEqual(['shard 1']);
    expect(await found([['service-host', Buffer.from(set.key).toString('hex')]])).toEqual([
      'MasterKey',
      'the key, from shards ',
      'the key, from all of it',
    ]);
    // Two wrapped shards and the private key: with its own one that is the key.
    const kept: [string, string][] = [2, 3].map((n) => ['workstation-1', wrapped(n)]);
    expect(await found(kept)).toEqual([]);
    expect(await found([...kept, ['workstation-1', pem]])).toEqual([
      'the key, from shards 1, 2, 3',
      'the key, from shards 1, 2, 3',
    ]);
    // Together, although none has enough.
    const spread: [string, string][] = [1, 2, 3].map((n) => [`workstation-${n}`, wrapped(n)]);
    expect(await found(spread)).toEqual([]);
    expect(await found([...spread, ['registry', pem]])).toEqual(['the key, from all of it']);
    // Two custodians, neither of whom has enough alone, and all that is left of theirs is one shard: two pipes make the rest.
    const pair: [string, string][] = [
      ['workstation-1', wrapped(3)],
      ['workstation-2', pem],
    ];
    expect(await found(pair)).toEqual(['the key, from shards 1, 2, 3']);
    // An account that does not see how the key was rebuilt sees nothing else either.
    expect(await found([['air-gapped', 'nothing']], [1, 2, 3])).toEqual(['nothing that gives it']);
    // Each of M custodians had the shard in hand, or the key came from elsewhere.
    const arrived = spread.map(([, text]): [string, string] => ['air-gapped', text]);
    const opening: [string, string][] = [['air-gapped', pem], ...arrived];
    expect(await found([...spread, ...opening], [1, 2, 3])).toEqual([]);
    // A workstation that was only asked is none of them.
    expect(await found([...spread, ['workstation-4', 'nothing'], ...opening], [1, 2, 3])).toEqual([]);
    expect(await found([['workstation-1', 'nothing'], ...spread.slice(1), ...opening], [1, 2, 3])).toEqual([
      'shards of workstation-2 and workstation-3 alone',
    ]);
  });

  it('tries the sets of workstations below the threshold and at it', () => {
    expect(result.coalitions).toEqual({ below: 3, enough: 1 });
  });
});

describe('what is carried', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carry-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { steps } = scenarioOf(recoveryPage()).procedures[0] ?? { steps: [] };
  const carried = (crossing: Step['crossing'], shard: number | undefined, content: string | Buffer) => {
    const at = (place: string) => join(folder, place);
    for (const place of ['air-gapped', 'workstation-1', 'workstation-2', 'workstation-3'])
      rmSync(at(place), { recursive: true, force: true });
    for (const place of ['air-gapped', 'workstation-1', 'workstation-2', 'workstation-3'])
      mkdirSync(at(place));
    const source = crossing?.from === 'workstation' ? 'workstation-1' : 'air-gapped';
    writeFileSync(join(at(source), 'file-1.txt'), content);
    const step = { id: 'TST-09', shard, place: source.replace('-1', ''), crossing } as unknown as Step;
    const ways = {
      folderAt: at,
      receivedAt: at,
      placesOf: (kind: never, each: Step) => placesOfKind(kind, each, steps),
    };
    carry(ways as never, step, secretsOf(set));
    return (place: string) => readdirSync(at(place));
  };
  const files = ['file-*.txt'];

  it('lies at the other place, or at each of its kind', () => {
    const all = carried({ files, from: 'air-gapped', to: 'workstation' }, undefined, 'public');
    expect([all('workstation-1'), all('workstation-3')]).toEqual([['file-1.txt'], ['file-1.txt']]);
    const one = carried({ files, from: 'air-gapped', to: 'workstation' }, 2, 'public');
    expect([one('workstation-1'), one('workstation-2')]).toEqual([[], ['file-1.txt']]);
    const back = carried({ files, from: 'workstation', to: 'air-gapped' }, undefined, 'wrapped');
    expect(back('air-gapped')).toEqual(['file-1.txt']);
  });

  it('is there, and is never plain text', () => {
    const to = (content: string | Buffer) => () =>
      carried({ files, from: 'workstation', to: 'air-gapped' }, 1, content);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(to(set.lines.get(1) ?? '')).toThrow(
      'file-1.txt holds the shard 1, and nothing leaves workstation-1',
    );
    expect(to(Buffer.from(set.key))).toThrow('holds the MasterKey');
    expect(to(`mks1${'q'.repeat(60)}`)).toThrow('holds text of a shard');
    expect(to(privateKey.export({ type: 'sec1', format: 'pem' }) as string)).toThrow('holds a private key');
    const none = { files: ['other.bin'], from: 'workstation', to: 'air-gapped' } as const;
    expect(() => carried(none, 1, '')).toThrow('there is no other.bin at workstation to be carried');
  });
});

it('tries other ways from any step, and leaves every place as it was', async () => {
  const scenario = scenarioOf(recoveryPage());
  const spoiled = scenarioOf(changed('AND shard = 2;', 'AND shard = 22;'));
  const carriesClear = scenarioOf(
    changed(
      '--plaintext-file - --no-log-http | openssl pkeyutl -encrypt',
      '--plaintext-file clear.txt --no-log-http && openssl pkeyutl -encrypt -in clear.txt',
    ).replace('crosses="shard-2.wrapped"', 'crosses="clear.* shard-2.wrapped"'),
  );
  const elsewhere = {
    ...scenario,
    procedures: scenario.procedures.map((page) => ({
      ...page,
      steps: page.steps.map((step) =>
        step.id === 'TST-S2-03' ? { ...step, place: 'registry' as const } : step,
      ),
    })),
  };
  const at = scenario.procedures[0]?.steps.findIndex(({ id }) => id === 'TST-S2-03') ?? -1;
  const ended: ScenarioResult[] = [];
  const others = [spoiled, carriesClear, elsewhere, scenario].map((each) => ({
    scenario: each,
    ended: (one: ScenarioResult) => ended.push(one),
  }));
  const result = await run(scenario, {
    impatientSeconds: 60,
    othersAt: ({ step }: Spot) => (step === at ? others : []),
  });
  expect(wrong(result)).toEqual([]);
  expect(ended.map(({ verdict }) => verdict)).toEqual(['failed', 'failed', 'failed', 'passed']);
  const failed = ended.map(({ steps }) => steps.find(({ failure }) => failure));
  expect(failed.map((step) => [step?.id, step?.failure?.rule])).toEqual([
    ['TST-S2-03', 'output'],
    ['TST-S2-04', 'place'],
    ['TST-S2-03', 'place'],
    [undefined, undefined],
  ]);
  expect(failed[1]?.failure?.found).toBe(
    'clear.txt holds the shard 2, and nothing leaves workstation-2 in clear',
  );
  expect(ended[3]?.places).toEqual(result.places);
}, 600_000);

const kind = homes.find(({ user, shell }: Home) => user === 'ordinary' && shell === 'reopened');

it.skipIf(!kind || homeUnavailable(kind) !== undefined)(
  'works for an ordinary user whose shells are closed in between',
  async () => {
    expect(wrong(await run(scenarioOf(recoveryPage()), { kind }))).toEqual([]);
  },
  600_000,
);

it.skipIf(pasteUnavailable() !== undefined)(
  'can be pasted on a terminal at each place',
  async () => {
    expect(wrong(await run(scenarioOf(recoveryPage()), { paste: true }))).toEqual([]);
  },
  600_000,
);
