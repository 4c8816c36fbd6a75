/** What a change can break is found by imports and by the paths that sources name. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { affectedBy, selectionOf } from '../../scripts/common/affected';
import { run } from '../adoption/fork';

const project: Readonly<Record<string, string>> = {
  'src/shard/split.ts': '',
  'src/shard/index.ts': "export * from './split';",
  'src/theme/Step.tsx': "import { split } from '@site/src/shard/split';",
  'src/css/site.css': '',
  'docs/a.mdx': '',
  'scripts/sss/main.ts': "import { split } from '../../src/shard/split';",
  'scripts/sss/dice.ts': '',
  'scripts/build.ts': '',
  'scripts/tabletop/main.ts': "const docs = join(root, 'docs');",
  'README.md': '',
  'tests/shard/split.test.ts': "import { split } from '../../src/shard';",
  'tests/scripts/sss/starts.test.ts':
    "spawnSync('tsx', [join(root, 'scripts', 'sss', 'main.ts'), '--help']);",
  'tests/scripts/sss/folder.test.ts': "readdirSync(resolve(__dirname, '../../../scripts/sss'));",
  'tests/docs/pages.test.ts': `readFileSync(\`docs/\${name}.mdx\`);`,
  'tests/readme.test.ts': "read('README.md')",
  'tests/site/search.test.ts': '',
  'tests/adoption/paper.test.ts': "for (const part of ['docs', 'src']) copy(part);",
};
const chosen = (...changed: string[]) => {
  const affected = affectedBy(Object.keys(project), (file) => project[file] ?? '', changed);
  const { suites, tests } = selectionOf(changed, affected);
  return { suites: [...suites].sort().join(' '), unit: tests.unit, site: tests.site };
};

describe('a change', () => {
  test.each<[string, string, string[]]>([
    ['README.md', 'markdown unit', ['tests/readme.test.ts']],
    ['docs/a.mdx', 'adoption build drill markdown site unit', ['tests/docs/pages.test.ts']],
    ['docs/new.mdx', 'adoption build drill markdown site unit', ['tests/docs/pages.test.ts']],
    ['scripts/sss/dice.ts', 'lint types unit', ['tests/scripts/sss/folder.test.ts']],
    [
      'src/shard/split.ts',
      'adoption build lint site types unit',
      ['tests/scripts/sss/starts.test.ts', 'tests/shard/split.test.ts'],
    ],
    ['src/css/site.css', 'adoption build lint site', []],
    ['tests/site/search.test.ts', 'lint site types', []],
    ['deployment.yaml', 'build drill site', []],
  ])('of %s needs %s', (file, suites, unit) => {
    expect(chosen(file)).toMatchObject({ suites, unit });
  });

  test('of the site itself runs all of its tests, and of one of them that one', () => {
    expect(chosen('docs/a.mdx').site).toBeUndefined();
    expect(chosen('tests/site/search.test.ts').site).toEqual(['tests/site/search.test.ts']);
  });

  test('of the packages can break everything', () => {
    expect(chosen('package-lock.json').suites).toBe('adoption build drill lint site types unit');
  });
});

test('in this project a source of the shard tool needs its tests, and not those of the calculators', () => {
  const files = run('.', 'git', 'ls-files').out.trim().split('\n');
  const changed = ['scripts/sss/dice.ts'];
  const affected = affectedBy(files, (file) => readFileSync(file, 'utf8'), changed);
  const { tests, suites } = selectionOf(changed, affected);
  expect(tests.unit).toEqual(expect.arrayContaining(['tests/scripts/sss/commands.test.ts']));
  expect(tests.unit).not.toContain('tests/quorum/structure.test.ts');
  expect(suites.has('drill')).toBe(true);
});
