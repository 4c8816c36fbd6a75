/** The attestations file: one entry for each time that a duty of custody was done. It names nobody. */
import * as z from 'zod';
import { InvalidInput } from '../deployment/problem';
import { describeIssue } from '../deployment/schema-problems';
import { readYaml } from '../deployment/yaml';
import { DUTIES, type Duty, isStray, type PresentSet } from './duties';

const record = z.strictObject({
  shard: z.int().min(1).max(255).describe('Number of the shard.'),
  generation: z.int().min(1).max(65535).describe('Generation of the set that was seen.'),
  duty: z.enum(Object.keys(DUTIES) as [Duty, ...Duty[]]),
  date: z.iso.date('wanted a date such as 2026-11-23'),
  asExpected: z.boolean().describe('false when anything was not as it should be.'),
});

export const attestationsSchema = z.strictObject({
  example: z
    .literal(true)
    .optional()
    .describe('The entries are made up and attest nothing; whoever shows them says so.'),
  attestations: z.array(record),
});

export type Attestation = z.infer<typeof record>;
export type Attestations = z.infer<typeof attestationsSchema>;

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/**
 * Parses the text of the file. `file` only names it in messages; with `wanted`, entries must be about a shard that is there,
 * unless they are examples. Throws InvalidInput with every problem and its line.
 */
export function parseAttestations(text: string, file: string, wanted?: PresentSet): Attestations {
  const { value, lineOf, nodeAt } = readYaml(text, file);
  const problem = (path: readonly PropertyKey[], rule: string, message: string) => ({
    file,
    line: lineOf(path),
    rule,
    message,
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('attestations' in value))
    throw new InvalidInput([problem([], 'SCHEMA', 'wanted a list under "attestations"')]);
  const parsed = attestationsSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInput(
      parsed.error.issues.map((issue) => {
        const message = describeIssue(
          issue,
          nodeAt(issue.path),
          valueAt(value, issue.path),
          undefined,
          attestationsSchema,
        );
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
        return problem(path, 'SCHEMA', message.replace(/^attestations (\d+)\.:? ?/, 'entry $1: '));
      }),
    );
  }
  const { example, attestations } = parsed.data;
  if (wanted === undefined || example) return parsed.data;
  const stray = attestations.flatMap((entry, index) =>
    isStray(entry, wanted)
      ? problem(
          ['attestations', index, 'shard'],
          'SHARD',
          `entry ${index + 1}: names shard ${entry.shard}, but deployment.yaml has ${wanted.shards.length}; wanted one of 1 to ${wanted.shards.length}`,
        )
      : [],
  );
  if (stray.length > 0) throw new InvalidInput(stray);
  return parsed.data;
}
