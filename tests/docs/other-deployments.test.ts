/** The pages of deployments without paper, and on paper alone: no section is empty, nothing leads to a page that does not apply. */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';
import { wrongNumbers } from '../site/leftovers';
import { deadEnds, emptySections, pageFaults, readLines } from './page-rules';

const root = resolve(__dirname, '../..');
const fixture = (name: string) => join(root, 'tests/fixtures/deployments', `${name}.yaml`);

describe.each(['paper', 'no-paper', 'azure', '2-of-3'])('the pages of %s', (name) => {
  const deployment = loadDeployment(fixture(name));
  const procedures = loadProcedures(root, deployment);

  it('have no empty section', () => {
    expect(procedures.flatMap(emptySections)).toEqual([]);
  });

  it('send nobody in an emergency to a page that does not apply', () => {
    expect(deadEnds(procedures)).toEqual([]);
  });

  it('count one shard as one', () => {
    expect(wrongNumbers(readLines(procedures))).toEqual([]);
  });

  it('keep every rule', () => {
    expect(pageFaults(procedures, deployment)).toEqual([]);
  });
});
