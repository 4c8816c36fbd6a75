/** Keys that share a key ring: the page makes the ring once, before the first of them. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveDeployment, type Shard } from '../../src/deployment/deployment';
import { loadDeployment } from '../../src/deployment/load';
import { compilePage } from '../../src/procedure/compile';
import { partialReader } from '../../src/procedure/text/load-partial';
import { exampleDeployment } from '../example';

const page = 'docs/ceremony/prepare-keys.mdx';
const base = loadDeployment(exampleDeployment);
const gcp = base.shards.find(({ provider }) => provider === 'gcp-kms') as Shard & { keyring: string };

/** Key rings that the page makes when these shards follow one another, each by the number of its shard. */
function ringsOf(...changes: readonly Record<string, string>[]): string[] {
  const shards = changes.map((change, index) => ({ ...gcp, key: `key-${index}`, ...change }));
  const deployment = resolveDeployment({ ...base, shards: shards as never });
  const { steps } = compilePage(page, readFileSync(page, 'utf8'), deployment, partialReader('.'));
  return steps.flatMap(({ command, id }) => {
    const text = command?.lines.map((line) => line.text).join('\n') ?? '';
    return text.includes('keyrings create') ? [id] : [];
  });
}

it('is one key ring for two keys in it', () => {
  expect(ringsOf({}, {})).toEqual(['PRE-Y1-01']);
});

it('is one for each ring, location and project', () => {
  expect(ringsOf({}, { keyring: 'other' }, {})).toEqual(['PRE-Y1-01', 'PRE-Y2-01']);
  expect(ringsOf({}, { location: 'us-east4' })).toEqual(['PRE-Y1-01', 'PRE-Y2-01']);
  expect(ringsOf({}, { project: 'other-project' })).toEqual(['PRE-Y1-01', 'PRE-Y2-01']);
});
