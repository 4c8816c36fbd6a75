/** Mutants that no drill can notice, each with its reason. Whoever adds one says why it does no harm. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readBySchema } from '../../../src/deployment/read-by-schema';
import type { MutantResult } from './report';

/** Where the reasons stand. */
export const allowedFile = 'tests/fixtures/mutants-allowed.yaml';
const schema = z
  .record(
    z.string().regex(/^docs\/.+:[a-z-]+:[0-9a-f]{10}(?::\d+)?$/, 'wanted the id of a mutant'),
    z.string().min(20, 'wanted a sentence that says why it does no harm'),
  )
  .nullable();

/** Reasons by mutant id. A project without the file allows none. Throws InvalidInput. */
export function allowedMutants(root: string): ReadonlyMap<string, string> {
  if (!existsSync(join(root, allowedFile))) return new Map();
  const text = readFileSync(join(root, allowedFile), 'utf8');
  const { data } = readBySchema(text, allowedFile, schema, { rule: 'MUTANT' });
  return new Map(Object.entries(data ?? {}));
}

/** Mutants that have a reason and are noticed all the same. A command that was only too slow does not count: it may be the machine. */
export function staleReasons(
  results: readonly Pick<MutantResult, 'mutant' | 'status' | 'detail'>[],
  allowed: ReadonlyMap<string, string>,
): string[] {
  return results
    .filter(
      ({ mutant, status, detail }) =>
        status === 'noticed' && allowed.has(mutant.id) && !detail.includes(': timeout: '),
    )
    .map(({ mutant }) => mutant.id);
}
