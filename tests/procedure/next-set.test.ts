import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { readStepAttributes } from '../../src/procedure/steps/step';
import { expandPage } from '../../src/procedure/text/expand';
import { exampleDeployment } from '../example';

const deployment = loadDeployment(exampleDeployment);
const expand = (text: string) =>
  expandPage('docs/x.mdx', text, { deployment, prefix: 'XXX' }, () => undefined).map((line) => line.text);

describe('key="next-set"', () => {
  const line =
    '{{shard.n}} {{key.generation}} LABEL_{{set.mark}}{{shard.n}} {{shard.when}} {{shard.keyReference}}';

  it('binds the next generation, marked labels and every shard, inside only', () => {
    const wrapped = deployment.shards.filter((shard) => shard.medium === 'wrapped');
    const text = [
      `<EachShard where="medium=wrapped" key="next-set">`,
      line,
      '</EachShard>',
      '{{key.generation}}',
    ];
    const lines = expand(text.join('\n'));
    expect(lines).toHaveLength(wrapped.length + 1);
    for (const [index, shard] of wrapped.entries()) {
      const [n, generation, label, when, reference] = lines[index]?.split(' ') ?? [];
      expect(n).toBe(String(shard.n));
      expect(generation).toBe(String(deployment.key.generation + 1));
      expect(label).toBe(`LABEL_NEW_${shard.n}`);
      expect(when).toBe('every');
      expect(reference).not.toBe(shard.keyReference);
    }
    expect(lines.at(-1)).toBe(String(deployment.key.generation));
  });

  it('leaves paper without a new key, and other words refused', () => {
    expect(expand(`<EachShard where="medium=paper" key="next-set">\n${line}\n</EachShard>`)).toHaveLength(
      deployment.shards.filter((shard) => shard.medium === 'paper').length,
    );
    expect(() => expand('<EachShard key="old">\nx\n</EachShard>')).toThrow(
      'wanted key="next" or key="next-set"',
    );
  });

  it('outside of it, a shard is done when it is chosen', () => {
    expect(expand('<EachShard>\n{{shard.when}}\n</EachShard>')).toEqual(
      deployment.shards.map(({ n }) => String(n)),
    );
  });
});

describe('shard="every"', () => {
  const step = {
    id: 'XXX-01',
    by: 'operator',
    witness: 'internal-witness',
    log: 'shard.proved',
    minutes: '1',
    undo: 'Nothing.',
  };

  it('means that the step is done whatever quorum is chosen', () => {
    expect(readStepAttributes({ ...step, shard: 'every' })).toMatchObject({ shard: undefined });
    expect(readStepAttributes({ ...step, shard: '2' })).toMatchObject({ shard: 2 });
    expect(readStepAttributes({ ...step, shard: 'all' })).toEqual(['shard="all": wanted a shard number']);
    expect(readStepAttributes({ ...step, lost: 'every' })).toEqual(['lost="every": wanted a shard number']);
  });
});
