/** The attestations file: one entry for each time that a duty of custody was done. It names nobody. */
import * as z from 'zod';
import { InvalidInput } from '../deployment/problem';
import { readYaml } from '../deployment/yaml';
import { DUTIES, type Duty } from './duties';

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
  attestations: z.array(record, 'wanted a list under "attestations"'),
});

export type Attestation = z.infer<typeof record>;
export type Attestations = z.infer<typeof attestationsSchema>;

/** Parses the text of the file. `file` only names it in messages. Throws InvalidInput with every problem and its line. */
export function parseAttestations(text: string, file: string): Attestations {
  const { value, lineOf } = readYaml(text, file);
  const parsed = attestationsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    parsed.error.issues.map(({ path, message }) => {
      const entry = typeof path[1] === 'number' ? `entry ${path[1] + 1}: ` : '';
      const key = path.slice(2).join(' ');
      return { file, line: lineOf(path), rule: 'SCHEMA', message: `${entry}${key && `${key}: `}${message}` };
    }),
  );
}
