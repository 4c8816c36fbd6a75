/** Expansion: values, conditions, partials; every line keeps its place; every mistake is named with it. */
import { describe, expect, it, test } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { InvalidInput } from '../../src/deployment/problem';
import { expandPage } from '../../src/procedure/text/expand';
import { exampleDeployment } from '../example';

const deployment = loadDeployment(exampleDeployment);
const partials: Record<string, string> = {
  'docs/_partials/one.mdx': 'one {{shard.n}} {{letter}}\n',
  'docs/_partials/circle.mdx': '<Include file="_partials/circle.mdx" />\n',
  'docs/_partials/several.mdx':
    '---\nfacts: []\n---\n\n<Partial name="a">\n\na {{shard.n}}\n\nb\n\n</Partial>\n\n<Partial name="row">\n| r |\n</Partial>\n',
  'docs/_partials/nested.mdx': '<Partial name="a">\n<Partial name="b">\n</Partial>\n</Partial>\n',
  'docs/_partials/twice.mdx': '<Partial name="a">\n</Partial>\n<Partial name="a">\n</Partial>\n',
  'docs/_partials/open.mdx': '\n<Partial name="a">\nx\n',
  'docs/_partials/closed.mdx': 'x\n</Partial>\n',
  'docs/_partials/stray.mdx': '<Partial name="a">\nx\n</Partial>\n\ny\n',
  'docs/_partials/unnamed.mdx': '<Partial name="A b">\nx\n</Partial>\n',
  'docs/_partials/endless.mdx': '---\nfacts: []\n',
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

  it('include one of the partials of a file, without the blank lines around it', () => {
    const file = 'docs/_partials/several.mdx';
    const lines = expand('<EachShard where="n=2">\n<Include file="_partials/several.mdx#a" />\n</EachShard>');
    expect(lines).toEqual([
      { text: 'a 2', file, line: 7 },
      { text: '', file, line: 8 },
      { text: 'b', file, line: 9 },
    ]);
    expect(texts('| t |\n<Include file="_partials/several.mdx#row" />\n| u |')).toEqual([
      '| t |',
      '| r |',
      '| u |',
    ]);
  });

  test.each([
    [
      'several.mdx',
      'docs/x.mdx:1: EXPAND: docs/_partials/several.mdx holds several partials; wanted one, as docs/_partials/several.mdx#a',
    ],
    [
      'several.mdx#c',
      'docs/x.mdx:1: EXPAND: there is no partial docs/_partials/several.mdx#c; known: a, row',
    ],
    [
      'one.mdx#a',
      'docs/x.mdx:1: EXPAND: docs/_partials/one.mdx is one partial and has none of its own, such as #a',
    ],
    ['nested.mdx#a', 'docs/_partials/nested.mdx:2: EXPAND: <Partial> inside <Partial name="a">'],
    ['twice.mdx#a', 'docs/_partials/twice.mdx:3: EXPAND: a second <Partial name="a">'],
    ['open.mdx#a', 'docs/_partials/open.mdx:2: EXPAND: <Partial name="a"> is not closed'],
    ['closed.mdx', 'docs/_partials/closed.mdx:2: EXPAND: </Partial> without its opening tag'],
    ['stray.mdx#a', 'docs/_partials/stray.mdx:5: EXPAND: text outside of every <Partial>'],
    [
      'unnamed.mdx#a',
      'docs/_partials/unnamed.mdx:1: EXPAND: cannot read "<Partial name="A b">"; wanted <Partial name="…"> with small letters and dashes',
    ],
    ['endless.mdx#a', 'docs/_partials/endless.mdx:1: EXPAND: the front matter is not closed'],
  ])('including %s is refused', (file, message) => {
    expect(problemOf(`<Include file="_partials/${file}" />`)).toBe(message);
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
