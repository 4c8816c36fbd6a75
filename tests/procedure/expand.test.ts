/** Expansion: values, conditions, partials; every line keeps its place; every mistake is named with it. */
import { describe, expect, it, test } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { InvalidInput } from '../../src/deployment/problem';
import { expandPage } from '../../src/procedure/expand';

const deployment = loadDeployment('deployment.yaml');
const partials: Record<string, string> = {
  'docs/_partials/one.mdx': 'one {{shard.n}} {{letter}}\n',
  'docs/_partials/circle.mdx': '<Include file="_partials/circle.mdx" />\n',
};

const expand = (text: string) =>
  expandPage('docs/x.mdx', text, { deployment, prefix: 'XYZ' }, (file) => partials[file]);
const texts = (text: string) => expand(text).map((line) => line.text);

function problemOf(text: string): string {
  try {
    expand(text);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return 'no problem';
}

describe('values', () => {
  it('come from the deployment', () => {
    expect(texts('{{key.threshold}} of {{key.shards}}, {{key.quorums}} quorums, {{page.prefix}}')).toEqual([
      '3 of 5, 10 quorums, XYZ',
    ]);
  });
  it('leave everything else in braces alone', () => {
    const shell = ['{ a } {{ spaced }} $', "{x} '$", "{PWD##*/}'"].join('');
    expect(texts(shell)).toEqual([shell]);
  });
  it('that are unknown are refused with the known ones', () => {
    expect(problemOf('a\n{{key.treshold}}')).toMatch(
      /^docs\/x\.mdx:2: EXPAND: unknown value \{\{key\.treshold\}\}; known here: .*key\.threshold/,
    );
    expect(problemOf('{{shard.n}}')).toMatch(/unknown value \{\{shard\.n\}\}/);
  });
});

describe('directives', () => {
  it('repeat for each shard in order, also inside a fence', () => {
    expect(texts('```bash\n<EachShard where="medium=wrapped">\nx {{shard.n}}\n</EachShard>\n```')).toEqual([
      '```bash',
      'x 1',
      'x 2',
      'x 3',
      'x 4',
      '```',
    ]);
  });
  it('repeat once for each provider, bound to the first of its shards', () => {
    const [first, second] = deployment.shards;
    if (first === undefined || second === undefined) throw new Error('wanted a deployment with two shards');
    const shards = [first, second, { ...first, n: 3 }, { ...second, n: 4 }];
    const text = '<EachProvider where="medium=wrapped n!=1">\n{{shard.n}} {{shard.tool}}\n</EachProvider>';
    const lines = expandPage('docs/x.mdx', text, { deployment: { ...deployment, shards } }, () => undefined);
    expect(lines.map((line) => line.text)).toEqual(['2 gcloud', '3 aws']);
  });
  it('nest, and <When> inside <EachShard> is about that shard', () => {
    const text =
      '<EachShard>\n<When where="provider=paper">\npaper {{shard.n}}\n<Otherwise />\nkey {{shard.n}}\n</When>\n</EachShard>';
    expect(texts(text)).toEqual(['key 1', 'key 2', 'key 3', 'key 4', 'paper 5']);
  });
  it('<When> outside asks whether some shard is such', () => {
    expect(
      texts('<When where="provider=aws-kms region=us-east-1">\nyes\n<Otherwise />\nno\n</When>'),
    ).toEqual(['yes']);
    expect(
      texts('<When where="provider=aws-kms region=eu-west-1">\nyes\n<Otherwise />\nno\n</When>'),
    ).toEqual(['no']);
    expect(texts('<When where="provider=aws-kms !replicaRegion">\nyes\n</When>')).toEqual([]);
  });
  it('bind the names of the keys that replace the present ones', () => {
    expect(texts('<EachShard where="provider=gcp-kms" key="next">\n{{shard.key}}\n</EachShard>')).toEqual([
      'masterkey-shard-2-r2',
    ]);
  });
  it('include partials, whose lines keep their own place', () => {
    const lines = expand(
      'first\n<EachShard where="n=2">\n<Include file="_partials/one.mdx" letter="P" />\n</EachShard>\nlast',
    );
    expect(lines).toEqual([
      { text: 'first', file: 'docs/x.mdx', line: 1 },
      { text: 'one 2 P', file: 'docs/_partials/one.mdx', line: 1 },
      { text: 'last', file: 'docs/x.mdx', line: 5 },
    ]);
  });

  test.each([
    ['<EachShard>\nx', 'docs/x.mdx:1: EXPAND: <EachShard> is not closed'],
    ['x\n</When>', 'docs/x.mdx:2: EXPAND: </When> without its opening tag'],
    ['<Otherwise />', 'docs/x.mdx:1: EXPAND: <Otherwise /> without its opening tag'],
    [
      '<EachShard>\n<When where="n=1">\n</EachShard>\n</When>',
      'docs/x.mdx:3: EXPAND: </EachShard> closes <When>',
    ],
    [
      '<When where="n=1">\n<Otherwise />\n<Otherwise />\n</When>',
      'docs/x.mdx:3: EXPAND: a second <Otherwise />',
    ],
    ['<EachProvider>\nx', 'docs/x.mdx:1: EXPAND: <EachProvider> is not closed'],
    ['<EachShard />', 'docs/x.mdx:1: EXPAND: <EachShard> needs a body and </EachShard>'],
    [
      '<EachShard wher="n=1">\n</EachShard>',
      'docs/x.mdx:1: EXPAND: unknown attribute "wher"; known: where, key',
    ],
    [
      '<EachShard key="old">\n</EachShard>',
      'docs/x.mdx:1: EXPAND: key="old": wanted key="next" or key="next-set"',
    ],
    [
      '<Include file="_partials/none.mdx" />',
      'docs/x.mdx:1: EXPAND: there is no partial docs/_partials/none.mdx',
    ],
    ['<Include />', 'docs/x.mdx:1: EXPAND: <Include> lacks file="…"'],
  ])('%j is refused', (text, message) => {
    expect(problemOf(text)).toBe(message);
  });

  it('refuses an unknown field and a circle of partials', () => {
    expect(problemOf('<EachShard where="regon=x">\n</EachShard>')).toMatch(/unknown field; known: n, medium/);
    expect(problemOf('<Include file="_partials/circle.mdx" />')).toMatch(
      /_partials\/circle\.mdx:1: .*nested more than 8 deep/,
    );
  });
});
