/** A step belongs to the part whose heading stands above it, whatever smaller headings stand between. */
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';
import { partsOf } from '../../src/procedure/text/parts';
import { exampleDeployment } from '../example';

const lines = (text: string) =>
  text.split('\n').map((line, index) => ({ text: line, file: 'x.mdx', line: index + 1 }));

describe('the parts of a page', () => {
  it('are its headings of the second level', () => {
    const page = lines(
      '## Act 1: people {#people}\n<Step id="CER-01" by="x">\n### Shard 1 {#s}\n<Step id="CER-W1-01">\n## Act 2: wipe\n  <Step id="CER-02">',
    );
    expect([...partsOf(page)]).toEqual([
      ['CER-01', 'Act 1: people'],
      ['CER-W1-01', 'Act 1: people'],
      ['CER-02', 'Act 2: wipe'],
    ]);
  });

  it('are not found in code', () => {
    expect([...partsOf(lines('## Act 1\n```text\n## Act 2\n```\n<Step id="CER-01">'))]).toEqual([
      ['CER-01', 'Act 1'],
    ]);
  });

  it('are seven acts in the script, with each of its steps in one', () => {
    const script = loadProcedures('.', loadDeployment(exampleDeployment)).find(
      ({ page }) => page.prefix === 'CER',
    );
    const parts = partsOf(script?.lines ?? []);
    expect(script?.steps.filter(({ id }) => !/^Act \d: /.test(parts.get(id) ?? ''))).toEqual([]);
    expect([...new Set(parts.values())].map((part) => part.slice(0, 5))).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((n) => `Act ${n}`),
    );
  });
});
