/** deployment.yaml: every rule bites, with the line of what broke it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Shard, withNextKey } from '../../src/deployment/deployment';
import { domains } from '../../src/deployment/domains';
import { loadDeployment } from '../../src/deployment/load';
import { parseDeployment } from '../../src/deployment/parse';
import { InvalidInput } from '../../src/deployment/problem';
import { kindOf } from '../../src/deployment/providers/registry';
import { reachLines } from '../../src/deployment/reach';
import { incompatiblePairs, witnessedPairs } from '../../src/deployment/roles';
import { exampleDeployment } from '../example';

const text = readFileSync(exampleDeployment, 'utf8');

type File = {
  key: Record<string, unknown>;
  shards: Record<string, unknown>[];
  people: { id: string; name: string }[];
  roles: Record<string, string[]>;
  sites: Record<string, string>[];
  database: Record<string, unknown>;
  identityProviders?: { name: string; administrators: string[] }[];
};

/** The default deployment with a change, as text. */
function changed(change: (file: File) => void): string {
  const file = parse(text) as File;
  change(file);
  return stringify(file);
}

function problemsOf(source: string) {
  try {
    parseDeployment(source, 'deployment.yaml');
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
  return [];
}

const rulesOf = (source: string) => [...new Set(problemsOf(source).map((problem) => problem.rule))];

/** Text of the line that a problem points at. */
const lineAt = (source: string, line: number) => source.split('\n')[line - 1] ?? '';

describe('a sound deployment', () => {
  for (const file of [
    exampleDeployment,
    'tests/fixtures/deployments/4-of-7.yaml',
    'tests/fixtures/deployments/2-of-3.yaml',
  ]) {
    it(`${file} passes every check`, () => {
      const deployment = loadDeployment(file);
      expect(deployment.shards.map((shard) => shard.n)).toEqual(
        deployment.shards.map((_, index) => index + 1),
      );
    });
  }

  it('names shards by provider and place, and their keys in full', () => {
    const { shards } = parseDeployment(text, 'deployment.yaml');
    expect(shards.map((shard) => shard.name)).toEqual([
      'AWS KMS us-east-1',
      'Google Cloud KMS europe-west4',
      'HashiCorp Vault vault.ledger.example',
      'PKCS#11 HSM masterkey-hsm',
      'Paper safe-a',
    ]);
    expect(shards[0]?.keyReference).toBe('arn:aws:kms:us-east-1:000000000001:alias/masterkey-shard-1');
  });

  it('gives a replaced key a name that was never used', () => {
    const { shards } = parseDeployment(text, 'deployment.yaml');
    const [aws, , , hsm, sheet] = shards;
    if (!aws || !hsm || !sheet) throw new Error('the default deployment has five shards');
    expect(withNextKey(aws)).toMatchObject({ alias: 'masterkey-shard-1-r2', n: 1 });
    expect(withNextKey(withNextKey(aws))).toMatchObject({ alias: 'masterkey-shard-1-r3' });
    expect(withNextKey(aws).keyReference).toMatch(/alias\/masterkey-shard-1-r2$/);
    expect(withNextKey(hsm)).toMatchObject({ objectId: '0402' });
    expect(withNextKey(withNextKey(hsm))).toMatchObject({ objectId: '0403' });
    expect(() => withNextKey(sheet)).toThrow(RangeError);
  });

  it('gives no key a name that the vendor refuses, and forgets no part of an object id', () => {
    const { shards } = parseDeployment(text, 'deployment.yaml');
    const [, gcp, , hsm] = shards;
    if (gcp?.provider !== 'gcp-kms' || hsm?.provider !== 'pkcs11-hsm')
      throw new Error('the example has changed');
    const long = { ...gcp, key: 'k'.repeat(63) };
    expect(withNextKey(long)).toMatchObject({ key: `${'k'.repeat(60)}-r2` });
    expect(withNextKey(withNextKey(long))).toMatchObject({ key: `${'k'.repeat(60)}-r3` });
    const next = (objectId: string) => (withNextKey({ ...hsm, objectId }) as typeof hsm).objectId;
    expect(['04ff', 'aabbcc', 'ff'.repeat(8)].map(next)).toEqual(['04ff02', 'aabbcd', '00'.repeat(8)]);
  });

  it('tells shards of one place apart by their names, also under their next keys', () => {
    const source = changed((file) => {
      const [aws] = file.shards;
      file.shards[1] = {
        ...aws,
        account: '000000000002',
        alias: 'other',
        custodian: 'bruno',
        alternate: 'hanna',
      };
      Object.assign(file.shards[1] ?? {}, { identityProvider: 'other', administrators: ['quentin'] });
    });
    const { shards } = parseDeployment(source, 'deployment.yaml');
    expect(shards.slice(0, 2).map(({ name }) => name)).toEqual([
      'AWS KMS us-east-1',
      'AWS KMS us-east-1 (shard 2)',
    ]);
    expect(shards.slice(0, 2).map((shard) => withNextKey(shard).name)).toEqual(
      shards.slice(0, 2).map(({ name }) => name),
    );
  });

  it('knows what fails and what is breached together', () => {
    const all = domains(parseDeployment(text, 'deployment.yaml'));
    expect(all.find((domain) => domain.kind === 'database')?.shards).toEqual([1, 2, 3, 4]);
    // A key with a replica outlives either of its regions.
    expect(all.some((domain) => domain.kind === 'region' && domain.shards.includes(1))).toBe(false);
    expect(all.find((domain) => domain.kind === 'safe')?.shards).toEqual([5]);
  });

  it('says whose account it is, and which', () => {
    const all = domains(parseDeployment(text, 'deployment.yaml')).filter(({ kind }) => kind === 'account');
    expect(all.map(({ id, name }) => [id, name])).toEqual([
      ['000000000001', 'AWS 000000000001'],
      ['example-ledger-shards', 'Google Cloud example-ledger-shards'],
    ]);
  });
});

it('refuses more shards than pages can hold, with the reason', () => {
  const source = changed((file) => {
    file.shards = Array.from({ length: 41 }, (_, index) => ({
      ...file.shards[0],
      alias: `shard-${index}`,
    }));
  });
  expect(problemsOf(source).map(({ message }) => message)).toEqual([
    'shards: wanted at most 40 entries: each shard is a part of its own on every page that unwraps; found a list',
  ]);
});

describe('a provider', () => {
  it('names the key of a Vault and the partition of AWS by where they are', () => {
    const { shards } = loadDeployment('tests/fixtures/deployments/elsewhere.yaml');
    const reference = (provider: string, change: object = {}) => {
      const shard = shards.find((each) => each.provider === provider) as Shard;
      return kindOf(shard.provider).keyReference({ ...shard, ...change } as Shard);
    };
    expect(reference('vault-transit')).toBe(
      'https://bao.ledger.example:8200/v1/ledger/keys/kms/transit/keys/masterkey-shard-3',
    );
    for (const [region, partition] of [
      ['eu-central-1', 'aws'],
      ['cn-north-1', 'aws-cn'],
      ['us-gov-west-1', 'aws-us-gov'],
      ['us-isob-east-1', 'aws-iso-b'],
      ['eusc-de-east-1', 'aws-eusc'],
    ])
      expect(reference('aws-kms', { region })).toMatch(new RegExp(`^arn:${partition}:kms:${region}:`));
  });

  it.each(['/transit', 'transit/', 'a//b', 'a b', 'a/$(id)', '..', ''])(
    'refuses a mount and a namespace such as "%s" in one line',
    (wrong) => {
      for (const field of ['mount', 'namespace']) {
        const file = parse(readFileSync('tests/fixtures/deployments/elsewhere.yaml', 'utf8')) as File;
        Object.assign(file.shards[2] ?? {}, { [field]: wrong });
        expect(problemsOf(stringify(file)).map(({ message }) => message)).toEqual([
          expect.stringMatching(new RegExp(`${field}.*wanted`)),
        ]);
      }
    },
  );

  it('names its own domains, whatever its fields are called', () => {
    const azure = (subscriptions: readonly (string | undefined)[]) => {
      const file = parse(readFileSync('tests/fixtures/deployments/azure.yaml', 'utf8')) as File;
      subscriptions.forEach((subscription, index) => {
        file.shards[index] = { ...file.shards[0], vault: `example-kv-${index}`, region: `region${index}` };
        if (subscription !== undefined) Object.assign(file.shards[index] ?? {}, { subscription });
      });
      return problemsOf(stringify(file)).filter(({ message }) => message.includes('the account'));
    };
    expect(azure([undefined, undefined]).map(({ rule }) => rule)).toContain('IND-1');
    expect(azure(['one', 'one']).map(({ rule }) => rule)).toContain('IND-1');
    expect(azure(['one', 'two'])).toEqual([]);
  });
});

describe('what cannot be read', () => {
  test.each([
    ['a file that is not YAML', 'key: [1, 2', 'YAML'],
    ['an empty file', '', 'SCHEMA'],
    ['a scalar', '42', 'SCHEMA'],
    ['zeros', '\0'.repeat(100_000), 'YAML'],
  ])('%s', (_, source, rule) => {
    expect(rulesOf(source)).toEqual([rule]);
  });

  it('more than a mebibyte is not even parsed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deployment-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'zeros.yaml');
    writeFileSync(file, Buffer.alloc(10 << 20));
    expect(() => loadDeployment(file)).toThrow(/FILE: has 10485760 bytes; wanted at most 1048576/);
  });

  test.each([
    ['a missing file', 'tests/fixtures/no-such.yaml', /FILE: cannot be read \(ENOENT\)/],
    ['a folder', 'tests', /FILE: cannot be read \(EISDIR\)/],
    [
      'a picture',
      'tests/fixtures/example/tests/fixtures/tabletop/world/safes/safe-a/sheet-5.png',
      /FILE: is not UTF-8 text/,
    ],
  ])('%s', (_, file, message) => {
    expect(() => loadDeployment(file)).toThrow(message);
  });
});

describe('the schema', () => {
  test.each<[string, (file: File) => void, RegExp, RegExp]>([
    [
      'an unknown provider',
      (file) => Object.assign(file.shards[1] ?? {}, { provider: 'floppy' }),
      /known: aws-kms, gcp-kms/,
      /provider: floppy/,
    ],
    [
      'a field of another provider',
      (file) => Object.assign(file.shards[1] ?? {}, { token: 'x' }),
      /"token"/,
      /token: x/,
    ],
    [
      'a threshold in words',
      (file) => Object.assign(file.key, { threshold: 'three' }),
      /found "three"/,
      /threshold: three/,
    ],
    [
      'a key of 8 bytes',
      (file) => Object.assign(file.key, { bytes: 8 }),
      /wanted at least 16; found 8$/,
      /bytes: 8/,
    ],
    [
      'a backtick in a name',
      (file) => Object.assign(file.people[0] ?? {}, { name: 'O`Brien' }),
      /wanted a name without `/,
      /O`Brien/,
    ],
    [
      'a shell in a project',
      (file) => Object.assign(file.shards[1] ?? {}, { project: '$(id)' }),
      /lower-case letters/,
      /\$\(id\)/,
    ],
  ])('refuses %s at its line', (_, change, message, line) => {
    const source = changed(change);
    const [problem, ...others] = problemsOf(source);
    expect(others).toEqual([]);
    expect(problem?.rule).toBe('SCHEMA');
    expect(problem?.message).toMatch(message);
    expect(lineAt(source, problem?.line ?? 0)).toMatch(line);
  });
});

describe('the rules', () => {
  test.each<[string, string, (file: File) => void, RegExp]>([
    ['MN-1', 'M above N', (file) => Object.assign(file.key, { threshold: 6 }), /threshold: 6/],
    ['MN-2', 'M equal to N', (file) => Object.assign(file.key, { threshold: 5 }), /threshold: 5/],
    [
      'MN-4',
      'a custodian as alternate',
      (file) => Object.assign(file.shards[4] ?? {}, { alternate: 'elena' }),
      /alternate: elena/,
    ],
    [
      'REF-1',
      'a person who is not listed',
      (file) => Object.assign(file.shards[0] ?? {}, { custodian: 'nobody' }),
      /custodian: nobody/,
    ],
    [
      'REF-1',
      'a building that is not listed',
      (file) => Object.assign(file.shards[4] ?? {}, { building: 'moon' }),
      /building: moon/,
    ],
    [
      'REF-4',
      'a person under two ids',
      (file) => file.people.push({ id: 'ana-2', name: 'ANA Exаmple' }),
      /name: ANA/,
    ],
    [
      'REF-4',
      'a building under two ids',
      (file) => file.sites.push({ id: 'annex', name: 'Annex', address: '1 mill Street, Exampletown' }),
      /address: 1 mill/,
    ],
    [
      'REF-4',
      'two buildings of one name',
      (file) => file.sites.push({ id: 'annex', name: 'Harbor Office', address: '9 Lake Street, Sampleton' }),
      /name: Harbor Office/,
    ],
    ['REF-2', 'an id used twice', (file) => file.people.push({ id: 'ana', name: 'Another Ana' }), /id: ana/],
    [
      'SOD-9',
      'an administrator who may unwrap',
      (file) => file.roles['recovery-operator']?.push('priya'),
      /priya/,
    ],
    [
      'SOD-15',
      'a safe controller who holds the bag',
      (file) => Object.assign(file.shards[4] ?? {}, { safeControllers: ['elena'] }),
      /elena/,
    ],
    [
      'EXP-1',
      'a former custodian of M shards',
      (file) => {
        for (const shard of file.shards.slice(0, 3))
          shard.formerCustodians = [{ person: 'wim', generation: 1 }];
      },
      /custodian: ana/,
    ],
    [
      'REG-1',
      'a replica in another partition',
      (file) => Object.assign(file.shards[0] ?? {}, { replicaRegion: 'us-gov-west-1' }),
      /replicaRegion: us-gov-west-1/,
    ],
    [
      'TWO-4',
      'exports in one building',
      (file) => {
        file.database.exports = [
          { building: 'mill-office', medium: 'printed' },
          { building: 'mill-office', medium: 'on a stick' },
        ];
      },
      /building: mill-office/,
    ],
    [
      'NAME-1',
      'a host whose name no sheet can hold',
      (file) =>
        Object.assign(file.shards[2] ?? {}, { address: `https://${`${'h'.repeat(60)}.`.repeat(2)}example` }),
      /address: https/,
    ],
    [
      'NAME-2',
      'a key with the name that another will get',
      (file) => {
        file.shards[0] = {
          ...file.shards[1],
          key: 'masterkey-shard-2-r2',
          custodian: 'ana',
          alternate: 'gustav',
        };
      },
      /provider: gcp-kms/,
    ],
    [
      'REC-2',
      'an identity that unwraps two shards',
      (file) => {
        const [aws] = file.shards;
        file.shards[1] = {
          ...aws,
          alias: 'other',
          custodian: 'bruno',
          alternate: 'hanna',
          region: 'us-east-2',
        };
      },
      /recoveryIdentity: masterkey-recovery/,
    ],
    [
      'TWO-5',
      'an identity to which one person signs in',
      (file) => Object.assign(file.shards[0] ?? {}, { signIn: ['ana', 'ana'] }),
      /- ana/,
    ],
    [
      'SOD-16',
      'an administrator who signs in',
      (file) => Object.assign(file.shards[0] ?? {}, { signIn: ['ana', 'priya'] }),
      /priya/,
    ],
    [
      'SOD-6',
      'a witness who signs in',
      (file) => Object.assign(file.shards[0] ?? {}, { signIn: ['ana', 'nadia'] }),
      /nadia/,
    ],
    [
      'REF-1',
      'a person unknown who signs in',
      (file) => Object.assign(file.shards[0] ?? {}, { signIn: ['ana', 'nobody'] }),
      /nobody/,
    ],
    [
      'REF-1',
      'an identity provider that no shard signs in through',
      (file) => Object.assign(file, { identityProviders: [{ name: 'okta', administrators: ['vera'] }] }),
      /okta/,
    ],
    [
      'REF-1',
      'a person unknown who administers a sign-in',
      (file) =>
        Object.assign(file, { identityProviders: [{ name: 'aws-local-users', administrators: ['who'] }] }),
      /who/,
    ],
    [
      'REF-2',
      'an identity provider named twice',
      (file) => {
        const entry = { name: 'aws-local-users', administrators: ['vera'] };
        file.identityProviders = [entry, structuredClone(entry)];
      },
      /aws-local-users/,
    ],
    [
      'EXP-1',
      'who signs in to M shards',
      (file) => {
        for (const shard of file.shards.slice(0, 3)) shard.signIn = ['wim', 'vera'];
      },
      /custodian: ana/,
    ],
    [
      'REC-1',
      'a recovery that needs a permission first',
      (file) => Object.assign(file.shards[0] ?? {}, { recoveryNeedsIamWrite: true }),
      /recoveryNeedsIamWrite: true/,
    ],
  ])('%s: %s', (rule, _, change, line) => {
    const source = changed(change);
    const problem = problemsOf(source).find((candidate) => candidate.rule === rule);
    expect(
      problem,
      problemsOf(source)
        .map((each) => `${each.rule} ${each.message}`)
        .join('\n'),
    ).toBeDefined();
    expect(lineAt(source, problem?.line ?? 0)).toMatch(line);
  });

  it('REF-3: safes that nobody opens', () => {
    const paperless = (controllers?: string[]) =>
      changed((file) => {
        file.shards[4] = {
          ...file.shards[0],
          alias: 'masterkey-shard-5',
          custodian: 'elena',
          alternate: 'karim',
        };
        if (controllers) file.roles['safe-controller'] = controllers;
      });
    expect(rulesOf(paperless())).toContain('REF-3');
    expect(rulesOf(paperless(['gustav', 'hanna']))).not.toContain('REF-3');
    expect(rulesOf(paperless(['gustav']))).toContain('SCHEMA');
  });

  it('MN-3: one key for two shards', () => {
    const source = changed((file) => {
      const [aws] = file.shards;
      file.shards[1] = { ...aws, custodian: 'bruno', alternate: 'hanna' };
    });
    expect(rulesOf(source)).toContain('MN-3');
  });

  it('IND-1 and IND-2: too much in one place, for each kind of place', () => {
    for (const [field, value] of [
      ['identityProvider', 'one-idp'],
      ['administrators', ['priya']],
    ] as const) {
      const source = changed((file) => {
        for (const shard of file.shards.slice(0, 3)) shard[field] = value;
      });
      expect(rulesOf(source), field).toContain('IND-1');
    }
    const oneRoof = changed((file) => {
      for (const shard of file.shards.slice(2)) shard.building = 'mill-office';
    });
    expect(rulesOf(oneRoof)).toEqual(['IND-1', 'IND-2']);
  });

  it('every incompatible pair is refused in one person', () => {
    for (const { rule, roles } of incompatiblePairs) {
      const source = changed((file) => {
        file.people.push({ id: 'janus', name: 'Janus Example' });
        for (const role of roles) {
          if (role === 'custodian') Object.assign(file.shards[4] ?? {}, { custodian: 'janus' });
          else if (role === 'provider-administrator')
            Object.assign(file.shards[0] ?? {}, { administrators: ['janus'] });
          else file.roles[role]?.push('janus');
        }
      });
      expect(rulesOf(source), rule).toContain(rule);
    }
  });

  describe('IND-3: what one person reaches is summed over every role', () => {
    const sums = (change: (file: File) => void) =>
      problemsOf(changed(change)).filter(({ rule }) => rule === 'IND-3');
    const administers = (file: File, n: number, person: string) =>
      Object.assign(file.shards[n - 1] ?? {}, { administrators: [person] });

    it('refuses a custodian who administers two keys and opens a safe, with the smallest change', () => {
      const change = (file: File) => {
        administers(file, 2, 'ana');
        administers(file, 3, 'ana');
        Object.assign(file.shards[4] ?? {}, { safeControllers: ['ana', 'tamara'] });
      };
      const [problem, ...others] = sums(change);
      expect(others).toEqual([]);
      expect(problem?.message).toBe(
        '"ana" alone reaches shards 1 (custodian), 2 (administrator of the key) and 3 (administrator of the key), and 3 are enough for the key; wanted at most 2; the smallest change: "bruno" instead of "ana" as administrator of the key of shard 3',
      );
      expect(lineAt(changed(change), problem?.line ?? 0)).toMatch(/ana/);
    });

    test.each<[string, (file: File) => void]>([
      [
        'alternate, administrator and custodian',
        (file) => {
          administers(file, 2, 'gustav');
          Object.assign(file.shards[2] ?? {}, { custodian: 'gustav' });
        },
      ],
      [
        'holder of a PIN and of its token, custodian and administrator',
        (file) => {
          administers(file, 2, 'xenia');
          Object.assign(file.shards[0] ?? {}, { custodian: 'xenia' });
          Object.assign(file.shards[3] ?? {}, { alternate: 'xenia' });
        },
      ],
      [
        'who signs in to one, and administers the keys of two others',
        (file) => {
          Object.assign(file.shards[0] ?? {}, { signIn: ['wim', 'gustav'] });
          administers(file, 2, 'wim');
          administers(file, 3, 'wim');
        },
      ],
      [
        'administrator of a sign-in, custodian and administrator of a key',
        (file) => {
          file.identityProviders = [{ name: 'aws-local-users', administrators: ['bruno'] }];
          administers(file, 3, 'bruno');
        },
      ],
      [
        'former custodian of this generation, administrator and alternate',
        (file) => {
          Object.assign(file.shards[0] ?? {}, { formerCustodians: [{ person: 'rosa', generation: 1 }] });
          Object.assign(file.shards[4] ?? {}, { alternate: 'rosa' });
        },
      ],
    ])('%s', (_, change) => {
      expect(sums(change)).toHaveLength(1);
    });

    it('counts no PIN without its token, and no recovery operator', () => {
      expect(
        sums((file) => {
          administers(file, 2, 'wim');
          Object.assign(file.shards[0] ?? {}, { custodian: 'wim' });
        }),
      ).toEqual([]);
      expect(
        sums((file) => {
          Object.assign(file.shards[0] ?? {}, { custodian: 'zoe' });
          Object.assign(file.shards[4] ?? {}, { custodian: 'zoe' });
        }),
      ).toEqual([]);
    });

    it('allows two of three, what a second person must open, and a former custodian of another generation', () => {
      expect(
        sums((file) => {
          Object.assign(file.shards[0] ?? {}, { alternate: 'xenia' });
          Object.assign(file.shards[4] ?? {}, { safeControllers: ['xenia', 'tamara'] });
        }),
      ).toEqual([]);
      expect(sums((file) => administers(file, 2, 'ana'))).toEqual([]);
      expect(
        sums((file) => {
          Object.assign(file.shards[0] ?? {}, { formerCustodians: [{ person: 'rosa', generation: 2 }] });
          Object.assign(file.shards[4] ?? {}, { alternate: 'rosa' });
        }),
      ).toEqual([]);
    });

    it('takes back what can be taken back, as what was seen counts until a reshare', () => {
      const [problem] = sums((file) => {
        Object.assign(file.key, { threshold: 2 });
        for (const n of [0, 1])
          Object.assign(file.shards[n] ?? {}, { formerCustodians: [{ person: 'rosa', generation: 1 }] });
        administers(file, 3, 'vera');
        Object.assign(file.shards[0] ?? {}, { formerCustodians: [] });
        Object.assign(file.shards[1] ?? {}, { formerCustodians: [{ person: 'vera', generation: 1 }] });
      });
      expect(problem?.message).toMatch(
        /smallest change: "\w+" instead of "vera" as administrator of the key of shard 3$/,
      );
    });

    it('is counted for the ledger, with those who open safes together and those who hold a PIN', () => {
      const lines = reachLines(loadDeployment(exampleDeployment));
      expect(lines.filter(({ enough }) => enough)).toEqual([]);
      const line = (id: string) => lines.find(({ person }) => person === id);
      expect(line('tamara')).toMatchObject({
        words: 'shard 5 (controller of the safe)',
        alone: [],
        withOthers: [5],
      });
      expect(line('wim')).toMatchObject({
        words: 'shard 4 (holder of the user PIN)',
        alone: [],
        withOthers: [4],
      });
      expect(line('marek')).toMatchObject({ types: ['ceremony', 'recovery'], shards: [] });
      expect(line('administrator of example-workspace')).toMatchObject({ alone: [2] });
      const paper = reachLines(loadDeployment('tests/fixtures/deployments/2-of-3.yaml'));
      expect(paper.filter(({ enough }) => enough).map(({ person }) => person)).toEqual(['tamara', 'ulf']);
    });
  });

  describe('what pages and drill need of people', () => {
    it('is two people for each pair of roles that act and watch in the steps of the pages', () => {
      const asked = new Set<string>();
      for (const file of readdirSync('docs', { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.mdx')) continue;
        const pairs = readFileSync(join('docs', file), 'utf8').matchAll(/by="([^"]+)"\s+witness="([^"]+)"/g);
        for (const [, by = '', witness = ''] of pairs) asked.add([by, witness].sort().join(' '));
      }
      expect([...asked].sort()).toEqual(witnessedPairs.map((pair) => [...pair].sort().join(' ')).sort());
    });

    it('TWO-1: one person as recovery lead, service owner and approver is refused at the line of a role', () => {
      const source = changed((file) => {
        for (const role of ['recovery-lead', 'service-owner', 'approver']) file.roles[role] = ['yusuf'];
      });
      const found = problemsOf(source);
      expect(found.map(({ rule }) => rule)).toEqual(['TWO-1', 'TWO-1', 'TWO-1', 'TWO-2']);
      expect(found[0]?.message).toBe(
        '"yusuf" is the only approver and the only recovery-lead, and pages let one act and the other watch; wanted two people; the smallest change: "ana" instead of "yusuf" as recovery-lead',
      );
      for (const { line } of found.slice(0, 2)) expect(lineAt(source, line)).toMatch(/yusuf/);
    });

    it.each<[string, (file: File) => void, RegExp]>([
      [
        'TWO-1',
        (file) => Object.assign(file.shards[2] ?? {}, { administrators: ['nadia'] }),
        /"nadia" is the only administrator of shard 3 and the only internal-witness/,
      ],
      [
        'TWO-1',
        (file) => Object.assign(file.shards[3] ?? {}, { administrators: ['wim'] }),
        /"wim" is the only administrator of shard 4 and the only hsm-user-pin-holder/,
      ],
      [
        'TWO-3',
        (file) => Object.assign(file.shards[4] ?? {}, { safeControllers: ['tamara', 'nadia'] }),
        /"nadia" would open the safe "safe-a" with one other person and watch it as internal-witness; wanted a third/,
      ],
      [
        'EXT-2',
        (file) => Object.assign(file.shards[0] ?? {}, { administrators: ['oscar'] }),
        /"oscar" is external witness and provider-administrator|"oscar" is the only administrator of shard 1/,
      ],
      [
        'SOD-16',
        (file) => Object.assign(file.shards[0] ?? {}, { administrators: ['gustav'] }),
        /"gustav" is administrator of the key of shard 1 and its alternate/,
      ],
      [
        'SOD-16',
        (file) => Object.assign(file.shards[0] ?? {}, { administrators: ['priya', 'ana'] }),
        /"ana" is administrator of the key of shard 1 and its custodian/,
      ],
    ])('%s at one shard or safe', (rule, change, said) => {
      const found = problemsOf(changed(change));
      expect(found.map((problem) => problem.rule)).toContain(rule);
      expect(found.some(({ message }) => said.test(message))).toBe(true);
      for (const { line } of found) expect(lineAt(changed(change), line)).not.toBe('');
    });

    it('TWO-1: one person as both witnesses is refused', () => {
      const source = changed((file) => {
        file.roles['internal-witness'] = ['oscar'];
      });
      expect(rulesOf(source)).toEqual(['TWO-1']);
    });

    it('asks nothing of PIN holders where there is no HSM', () => {
      const source = readFileSync('tests/fixtures/deployments/paper.yaml', 'utf8').replace(
        'hsm-user-pin-holder: [david]',
        'hsm-user-pin-holder: [nadia]',
      );
      expect(rulesOf(source)).toEqual([]);
    });
  });

  it('reports every broken rule at once', () => {
    const source = changed((file) => {
      Object.assign(file.key, { threshold: 5 });
      file.roles['recovery-operator']?.push('priya');
    });
    expect(rulesOf(source)).toEqual(['MN-2', 'SOD-9']);
  });
});
