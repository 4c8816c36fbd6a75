/** The attestations file: one entry for each time that a duty of custody was done. It names nobody. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { InvalidInput } from '../deployment/problem';
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
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const line = (position: number) => counter.linePos(position).line;
  if (document.errors.length > 0) {
    const [first] = document.errors;
    throw new InvalidInput([{ file, line: line(first?.pos[0] ?? 0), rule: 'YAML', message: 'is not YAML' }]);
  }
  const parsed = attestationsSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    parsed.error.issues.map(({ path, message }) => {
      const depths = path.map((_, index) => path.slice(0, path.length - index));
      const nodes = depths.map((keys) => document.getIn(keys, true));
      const node = nodes.find((found) => isNode(found) && found.range);
      const place = isNode(node) && node.range ? line(node.range[0]) : 1;
      const entry = typeof path[1] === 'number' ? `entry ${path[1] + 1}: ` : '';
      const key = path.slice(2).join(' ');
      return { file, line: place, rule: 'SCHEMA', message: `${entry}${key && `${key}: `}${message}` };
    }),
  );
}
