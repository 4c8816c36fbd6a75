/** The attestations file: one entry for each time that a duty of custody was done. It names nobody. */
import * as z from 'zod';
import { parseEntries } from '../deployment/entries';
import { InvalidInput } from '../deployment/problem';
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

/**
 * Parses the text of the file. `file` only names it in messages; with `wanted`, entries must be about a shard that is there,
 * unless they are examples. Throws InvalidInput with every problem and its line.
 */
export function parseAttestations(text: string, file: string, wanted?: PresentSet): Attestations {
  const { file: parsed, problem } = parseEntries(text, file, 'attestations', attestationsSchema);
  const { example, attestations } = parsed;
  if (wanted === undefined || example) return parsed;
  const stray = attestations.flatMap((entry, index) =>
    isStray(entry, wanted)
      ? problem(
          index,
          'shard',
          'SHARD',
          `names shard ${entry.shard}, but deployment.yaml has ${wanted.shards.length}; wanted one of 1 to ${wanted.shards.length}`,
        )
      : [],
  );
  if (stray.length > 0) throw new InvalidInput(stray);
  return parsed;
}
