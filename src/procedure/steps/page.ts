/** The contract of a page: its front matter. A page without it does not build. */
import { z } from 'zod';
import { InvalidInput } from '../../deployment/problem';
import { readYaml } from '../../deployment/yaml';
import { endOfFrontMatter, type SourceLine } from '../text/source';
import { factNames } from '../vocabulary/facts';
import { faultModes, stopModes } from '../vocabulary/faults';
import { placeKinds } from '../vocabulary/places';
import { stepId } from './step';

export const pageKinds = ['tutorial', 'how-to', 'reference', 'explanation', 'form'] as const;

const date = z
  .union([z.string(), z.date()])
  .transform((value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value))
  .pipe(z.iso.date());

/** State of a key: live in a process?, healthy shards, exposed shards (ARCHITECTURE.md, words). */
const keyState = z.strictObject({
  live: z.enum(['yes', 'no', 'either']),
  healthy: z.string(),
  exposed: z.string(),
});

const drill = z.strictObject({
  /**
   * `fixture`: the stored TEST set. `empty`: authenticated providers without keys, an empty database.
   * Any other value is the prefix of the page that this one continues, in the same room.
   */
  world: z.union([z.enum(['fixture', 'empty']), z.string().regex(/^[A-Z]{3}$/)]),
  /** `every`: one run for each quorum of the shards that the page unwraps. `first`: one run with the first M of them, and one for each M of those that are left. `none`: the page needs no quorum. */
  quorum: z.enum(['every', 'first', 'none']),
  /**
   * One run for each shard that matches is lost, by the given fault (a condition as in <EachShard where>).
   * `none`: nothing is broken; the page is about this one shard.
   */
  lost: z.strictObject({ where: z.string(), fault: z.enum(faultModes) }).optional(),
  /** One run for each region in which a key of a shard is used, by the given fault of all that lies there. */
  down: z.enum(faultModes).optional(),
  /** Faults from the start: target (`aws-kms:us-east-1`) → mode. */
  faults: z.record(z.string(), z.enum(faultModes)).default({}),
  /** One more run, with the first quorum, for each of these in the place of the modes of `faults`, or of `down` in each region. */
  also: z.array(z.enum(faultModes)).default([]),
  /** One run for each of these that a shard of the page can meet: it must stop at its step, and the page must explain what is seen there. */
  stops: z.array(z.enum(stopModes)).default([]),
  /** Tools that a machine may lack: without them the drill of this page is left out by name. Not in CI. */
  optional: z.array(z.string()).default([]),
  /** `recovered`: the service gets the right key. `completed`: every step has been done. */
  expect: z.enum(['recovered', 'completed']),
});

const pageFields = z.looseObject({
  title: z.string().min(1),
  description: z.string().min(20).max(200),
  kind: z.enum(pageKinds),
  owner: z.string().min(1),
  reviewed: date,
  /** Who has approved a page is no part of its text. */
  approvals: z
    .array(z.string())
    .max(0, 'wanted none here: an approval is an entry of approvals.yaml')
    .optional(),
  /** Prefix of the step ids of this page; a page with steps has one. */
  prefix: z
    .string()
    .regex(/^[A-Z]{3}$/, 'wanted three capital letters')
    .optional(),
  /** Ids that steps of this page once had; they are never used again. */
  retired: z.array(z.string().regex(stepId)).default([]),
  /** Tools that the operator needs, apart from bash itself. The drill's PATH holds exactly these. */
  tools: z.array(z.string()).default([]),
  /** Where the steps happen that name no place. A page whose steps name places has it; without it, all is done on one machine. */
  place: z.enum(placeKinds).optional(),
  /** Facts of the room before the first step and after the last. */
  starts: z.array(z.enum(factNames)).default([]),
  ends: z.array(z.enum(factNames)).default([]),
  state: z.strictObject({ before: keyState, after: keyState }).optional(),
  /** Condition on some shard of the deployment; elsewhere the page says that it does not apply. */
  applies: z.string().optional(),
  drill: drill.optional(),
  /** Prefixes of the pages that the drill follows with the key of the ceremony, one after the other. */
  life: z.array(z.string().regex(/^[A-Z]{3}$/)).optional(),
  /** Recovery time objective, from the first sign to the working service: `30m` or `4h`. Kept in minutes. */
  rto: z
    .string()
    .regex(/^[1-9]\d{0,2}[mh]$/, 'wanted minutes or hours, such as 30m or 4h')
    .transform((text) => Number.parseInt(text, 10) * (text.endsWith('h') ? 60 : 1))
    .optional(),
  /** A page of another chapter that is an emergency too: it stands in the menu among them, under its label. */
  emergency: z.literal(true).optional(),
  sidebar_label: z.string().optional(),
});

export const pageSchema = pageFields.refine(
  ({ emergency, sidebar_label }) => emergency === undefined || /^S\d\d /.test(sidebar_label ?? ''),
  {
    path: ['emergency'],
    message: 'the menu orders emergencies by their id: wanted a sidebar_label such as "S06 Replace a shard"',
  },
);

export type Page = z.infer<typeof pageSchema>;
export type DrillPlan = z.infer<typeof drill>;

/** Reads the front matter of an expanded page. `body` is the index of the first line after it. Throws InvalidInput. */
export function readPage(lines: readonly SourceLine[]): { page: Page; body: number } {
  const first = lines[0];
  const place = { file: first?.file ?? '?', line: first?.line ?? 1 };
  const end = endOfFrontMatter(lines);
  if (first === undefined || end <= 0) {
    throw new InvalidInput([
      { ...place, rule: 'PAGE', message: 'wanted front matter between two lines of ---' },
    ]);
  }
  const written = lines.slice(1, end);
  const text = written.map((line) => line.text).join('\n');
  const { value: data } = readYaml(text, place.file, 'PAGE', place.line);
  const parsed = pageSchema.safeParse(data ?? {});
  if (!parsed.success) {
    throw new InvalidInput(
      parsed.error.issues.map((issue) => {
        const key = String(issue.path[0] ?? '');
        const line = written.find((candidate) => candidate.text.startsWith(`${key}:`)) ?? first;
        return {
          file: line.file,
          line: line.line,
          rule: 'PAGE',
          message: `${issue.path.join(' ')}: ${issue.message}`,
        };
      }),
    );
  }
  return { page: parsed.data, body: end + 1 };
}
