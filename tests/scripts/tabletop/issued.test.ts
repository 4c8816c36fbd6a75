/** Ids of steps that were issued: none is lost in silence, and the record is what this repository has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lostSteps, readIssued, writtenIds } from '../../../scripts/tabletop/plan/issued';
import { partialReader } from '../../../src/procedure/text/load-partial';

const page = 'docs/emergency/unseal.mdx';
const text = '---\nretired: [UNS-02]\n---\n<Step id="UNS-01" by="x">\n<Step\n  id="UNS-03">\n';
const read = (given: string | undefined) => (file: string) => (file === page ? given : undefined);

describe('a step that was issued', () => {
  it('is found however its tag is broken into lines', () => {
    expect(writtenIds(text)).toEqual(['UNS-01', 'UNS-03']);
  });

  it('is there, or retired, or its whole file is gone', () => {
    const issued = { [page]: ['UNS-01', 'UNS-02', 'UNS-03'] };
    expect(lostSteps(issued, read(text))).toEqual([]);
    expect(lostSteps(issued, read(undefined))).toEqual([]);
    expect(lostSteps({ [page]: ['UNS-04'] }, read(text))).toMatchObject([
      {
        file: page,
        rule: 'ID',
        message: expect.stringMatching(/^step UNS-04 is gone; wanted it, or its id/),
      },
    ]);
  });

  it('of this repository is still in it', () => {
    const issued = readIssued('.');
    expect(Object.values(issued).flat().length).toBeGreaterThan(400);
    expect(lostSteps(issued, partialReader('.'))).toEqual([]);
    const unseal = readFileSync(page, 'utf8').replace(/<Step id="UNS-02"[\s\S]*?<\/Step>/, '');
    expect(lostSteps(issued, read(unseal))).toHaveLength(1);
  });
});
