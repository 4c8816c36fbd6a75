/** Wrong files: each gets one line in words of ours, at the line of the mistake, with what was found and what was wanted. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parseDeployment } from '../../src/deployment/parse';
import { InvalidInput } from '../../src/deployment/problem';
import { exampleDeployment } from '../example';

const text = readFileSync(exampleDeployment, 'utf8');

function messagesOf(source: string): string[] {
  try {
    parseDeployment(source, 'deployment.yaml');
  } catch (error) {
    if (error instanceof InvalidInput) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** The example with one line, or more, in another form. Throws where the line is not in it. */
function edited(from: string, to: string): string {
  if (!text.includes(from)) throw new RangeError(`the example has no "${from}"`);
  return text.replace(from, to);
}

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefghij'.split('').map((name, index) => {
    const before = 'abcdefghij'[index];
    return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`;
  }),
].join('\n');

/** Name, the file, what the line of the problem holds, and what is said of it. */
const wrong: readonly [string, string, RegExp, RegExp][] = [
  ['an empty file', '', /^$/, /is empty; wanted/],
  ['a comment alone', '# nothing\n', /^# nothing$/, /is empty; wanted/],
  ['a number', '42\n', /42/, /wanted the fields of a deployment; found 42/],
  ['a list', '- a\n- b\n', /- a/, /wanted the fields of a deployment; found a list/],
  ['a text', 'hello\n', /hello/, /wanted the fields of a deployment; found "hello"/],
  ['no YAML', 'key: [1, 2\n', /^$/, /is not YAML: /],
  ['a tab', edited('  threshold: 3', '\tthreshold: 3'), /threshold: 3/, /is not YAML: /],
  [
    'a field twice',
    edited('  version: 1\n', '  version: 1\n  version: 2\n'),
    /version: 2/,
    /has the same name twice/,
  ],
  ['two documents', `${text}---\na: 1\n`, /^---$/, /is not YAML: /],
  ['a tag', edited('bytes: 32', 'bytes: !js/function 32'), /bytes/, /is not YAML: /],
  [
    'an alias of nothing',
    edited('bytes: 32', 'bytes: *none'),
    /bytes/,
    /has an alias of an anchor that is not above it/,
  ],
  ['an alias bomb', bomb, /./, /has aliases that stand for more than 100 copies/],
  [
    'a missing role',
    edited('  operator: [marek]\n', ''),
    /ceremony-master/,
    /roles operator: is missing; wanted a list/,
  ],
  [
    'a role with nobody',
    edited('operator: [marek]', 'operator: []'),
    /operator/,
    /wanted at least 1 entry; found an empty list/,
  ],
  ['a role with nothing', edited('operator: [marek]', 'operator:'), /operator/, /is missing; wanted a list/],
  [
    'a role with a person alone',
    edited('operator: [marek]', 'operator: marek'),
    /operator/,
    /wanted a list; found "marek"/,
  ],
  [
    'an unknown role',
    edited('  operator:', '  oprator: [zoe]\n  operator:'),
    /oprator/,
    /no field "oprator"; did you mean "operator"\?; known: /,
  ],
  [
    'a role that only shards give',
    edited('  operator:', '  custodian: [zoe]\n  operator:'),
    /custodian/,
    /no field "custodian"/,
  ],
  [
    'a person who is not listed',
    edited('operator: [marek]', 'operator: [nobody]'),
    /nobody/,
    /"nobody" is not in people/,
  ],
  [
    'a person with capitals',
    edited('id: ana,', 'id: Ana,'),
    /Ana/,
    /wanted a short name of lower-case letters/,
  ],
  ['an id twice', edited('id: bruno,', 'id: ana,'), /Bruno/, /used twice|is not in people/],
  [
    'a person without a name',
    edited('{ id: ana, name: Ana Example }', '{ id: ana }'),
    /id: ana/,
    /people 1\. name: is missing; wanted text/,
  ],
  ['a name of blanks', edited('name: Ana Example', 'name: "   "'), /id: ana/, /this one is blank/],
  [
    'a newline in a name',
    edited('name: Ana Example', 'name: "Ana\\nExample"'),
    /id: ana/,
    /without U\+000A; found "Ana<U\+000A>Example"/,
  ],
  [
    'a zero width space',
    edited('name: Ana Example', 'name: "Ana\u200bExample"'),
    /id: ana/,
    /without U\+200B; found "Ana<U\+200B>Example"/,
  ],
  ['a direction mark', edited('name: Ana Example', 'name: "Ana\u202eExample"'), /id: ana/, /without U\+202E/],
  ['a Hangul filler', edited('name: Ana Example', 'name: "Ana\u3164"'), /id: ana/, /without U\+3164/],
  ['a no-break space', edited('name: Ana Example', 'name: "Ana\u00a0Example"'), /id: ana/, /without U\+00A0/],
  ['a tag character', edited('name: Ana Example', 'name: "Ana\u{e0041}"'), /id: ana/, /without U\+E0041/],
  [
    'a blank at the end',
    edited('name: Ana Example', 'name: "Ana Example "'),
    /id: ana/,
    /no blank at its beginning or end/,
  ],
  [
    'decomposed letters',
    edited('name: Ana Example', 'name: "Ana\u0301 Example"'),
    /id: ana/,
    /composed letters/,
  ],
  ['a template', edited('name: Ana Example', 'name: "{{key.name}}"'), /id: ana/, /without \{, which/],
  ['a tag of HTML', edited('name: Ana Example', 'name: "<b>Ana"'), /id: ana/, /without <, which/],
  ['a formula', edited('name: Ana Example', 'name: "=SUM(A1)"'), /id: ana/, /does not begin with =/],
  [
    'an address as a name',
    edited('name: Ana Example', 'name: ana@ledger.example'),
    /id: ana/,
    /wanted a name, not an address/,
  ],
  [
    'a name of 200 letters',
    edited('name: Ana Example', `name: ${'a'.repeat(200)}`),
    /id: ana/,
    /at most 120 characters; found a longer text/,
  ],
  [
    'a threshold in words',
    edited('threshold: 3', 'threshold: three'),
    /threshold/,
    /wanted a number; found "three"/,
  ],
  [
    'a threshold with a fraction',
    edited('threshold: 3', 'threshold: 2.5'),
    /threshold/,
    /wanted a whole number; found 2\.5/,
  ],
  ['a threshold of one', edited('threshold: 3', 'threshold: 1'), /threshold/, /wanted at least 2; found 1/],
  ['a threshold above N', edited('threshold: 3', 'threshold: 6'), /threshold/, /there are only 5 shards/],
  ['a key of 65 bytes', edited('bytes: 32', 'bytes: 65'), /bytes/, /wanted at most 64; found 65/],
  [
    'a generation of zero',
    edited('generation: 1', 'generation: 0'),
    /generation/,
    /wanted at least 1; found 0/,
  ],
  [
    'an account without quotes',
    edited('account: "000000000001"', 'account: 000000000001'),
    /account/,
    /put it in quotes, as "000000000001"; found 000000000001/,
  ],
  [
    'an object id without quotes',
    edited('objectId: "04"', 'objectId: 04'),
    /objectId/,
    /put it in quotes, as "04"; found 04/,
  ],
  ['an account of 11 digits', edited('"000000000001"', '"00000000001"'), /account/, /wanted the 12 digits/],
  ['http', edited('address: https:', 'address: http:'), /address/, /begins with https/],
  [
    'IPv6',
    edited('address: https://vault.ledger.example:8200', 'address: https://[fd00::1]:8200'),
    /address/,
    /not an IPv6 address/,
  ],
  ['a path in the address', edited('example:8200', 'example:8200/v1'), /address/, /without a path/],
  [
    'a user in the address',
    edited('https://vault', 'https://root:x@vault'),
    /address/,
    /without user or password/,
  ],
  [
    'an unknown provider',
    edited('provider: gcp-kms', 'provider: floppy'),
    /floppy/,
    /unknown provider; known: aws-kms/,
  ],
  [
    'no provider',
    edited('  - provider: gcp-kms\n    project', '  - project'),
    /./,
    /shards 2\. provider: unknown provider; known: .*found nothing/,
  ],
  [
    'a field of another provider',
    edited('keyring: masterkey', 'keyring: masterkey\n    token: x'),
    /token: x/,
    /no field "token"/,
  ],
  [
    'a misspelled field',
    edited('keyring: masterkey', 'keyrng: masterkey'),
    /keyrng/,
    /no field "keyrng"; did you mean "keyring"\?|is missing/,
  ],
  ['a misspelled region', edited('region: us-east-1', 'region: us-esat-1'), /region/, /wanted an AWS region/],
  [
    'a version that no new key has',
    edited('keyVersion: 1', 'keyVersion: 2'),
    /keyVersion/,
    /wanted 1: the ceremony makes the key, and its first version is 1; found 2/,
  ],
  ['a region of nowhere', edited('region: us-east-1', 'region: "us east"'), /region/, /wanted an AWS region/],
  [
    'a replica beside its key',
    edited('replicaRegion: us-west-2', 'replicaRegion: us-east-1'),
    /replicaRegion/,
    /would be lost with it/,
  ],
  [
    'one safe controller',
    edited('[tamara, ulf]', '[tamara]'),
    /tamara/,
    /could be opened by one person; wanted two/,
  ],
  [
    'one approver',
    edited('approver: [leonie, nadia]', 'approver: [ana]'),
    /approver/,
    /is the only approver, and pages ask for two/,
  ],
  [
    'the same approver twice',
    edited('approver: [leonie, nadia]', 'approver: [ana, ana]'),
    /approver/,
    /is the only approver/,
  ],
  [
    'a witness from inside',
    edited(', organization: Sample Assurance LLP', ''),
    /external-witness/,
    /has no organization/,
  ],
  [
    'a witness of this company',
    edited('Sample Assurance LLP', 'Example Ledger Ltd'),
    /external-witness/,
    /is of this company/,
  ],
  [
    'one person as both witnesses',
    edited('internal-witness: [nadia]', 'internal-witness: [oscar]'),
    /witness/,
    /wanted two people/,
  ],
  [
    'a building that is not listed',
    edited('building: mill-vault', 'building: moon'),
    /moon/,
    /"moon" is not in sites/,
  ],
  ['minutes of nothing', edited('minutes: 90', 'minutes: 0'), /minutes/, /wanted at least 1; found 0/],
  [
    'a permission during the incident',
    edited('minutes: 5', 'minutes: 5\n    recoveryNeedsIamWrite: true'),
    /recoveryNeedsIamWrite/,
    /wanted an identity made before/,
  ],
  ['a relative path', edited('module: /usr', 'module: usr'), /module/, /wanted an absolute path/],
  [
    'a token of 33 letters',
    edited('token: masterkey-hsm', `token: ${'t'.repeat(33)}`),
    /token/,
    /at most 32 characters/,
  ],
];

describe('a wrong file', () => {
  it('is tried in more than sixty forms', () => {
    expect(wrong.length).toBeGreaterThan(60);
  });

  test.each(wrong)('%s', (_, source, line, said) => {
    const messages = messagesOf(source);
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      expect(message).toMatch(/^deployment\.yaml:\d+: [A-Z]+(?:-\d+)?: \S/);
      expect(message).not.toMatch(
        /Invalid input|\bexpected\b|\breceived\b|Unrecognized|Too (?:small|big)|\bzod\b|undefined|NaN|\[object|>=|<=/,
      );
    }
    const own = messages.find((message) => said.test(message));
    expect(own, messages.join('\n')).toBeDefined();
    const number = Number(/^deployment\.yaml:(\d+)/.exec(own ?? '')?.[1]);
    expect(source.split('\n')[number - 1]).toMatch(line);
  });

  it('is told in one line where there is one mistake', () => {
    const several = wrong.filter(([, source]) => messagesOf(source).length > 1).map(([name]) => name);
    expect(several).toEqual(['an id twice']);
  });
});
