/** One record of the audit trail: the schema that validates it, exports as JSON Schema, and writes the reference page. PCI DSS v4.0.1 10.2.2. */
import * as z from 'zod';
import { ACTIONS, type AuditAction, needsWitness } from './actions';
import { GUESSABLE_NAME, looksSecret, SHARD_PART } from './secrets';

export const FORMAT = 'mks-audit/1';

/** `previous` of the first record of a trail. */
export const GENESIS = '0'.repeat(64);

// Without quotes and backslashes a record needs no escapes; without invisible characters it reads as it is.
const INVISIBLE =
  '\\p{Cc}\\p{Cs}\\u00AD\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\u{E0000}-\\u{E007F}';
const TEXT = new RegExp(`^[^"\\\\${INVISIBLE}]{1,200}$`, 'u');
const NAME = new RegExp(
  `^(?!digest$)(?!.*(?:${GUESSABLE_NAME}))(?!.*(?:${SHARD_PART}))[a-z][A-Za-z0-9]{0,39}$`,
);
const LIKE_A_SECRET = 'has the shape of a secret; treat it as exposed';

const isPublic = (value: string) => !looksSecret(value);

const text = z
  .string()
  .regex(TEXT, 'wanted 1 to 200 visible characters without quotes or backslashes')
  .refine(isPublic, LIKE_A_SECRET);
const slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'wanted a short name of lower-case letters, digits and dashes')
  .refine(isPublic, LIKE_A_SECRET);
export const DIGEST = /^[0-9a-f]{64}$/;
const digest = z.string().regex(DIGEST, 'wanted 64 lower-case hexadecimal digits');
/** Name of a member of `detail` or `digests`. */
export const nameSchema = z
  .string()
  .regex(NAME, 'wanted a camelCase name of at most 40 characters that does not stand for a guessable value');
const count = (max: number) => z.int().min(1).max(max);
/** No year before 2000: a clock that was never set says one. A year to come is a matter of the verifier. */
export const TIME =
  /^[2-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$/;

/** Members stand in canonical order, which is the order of the line. */
export const eventSchema = z
  .strictObject({
    action: z
      .enum(Object.keys(ACTIONS) as [AuditAction, ...AuditAction[]])
      .describe('What was done, from the closed list.'),
    actor: slug.describe('Id of the person who acted, or of the monitor or program that did.'),
    actorRole: slug.describe('Role in which the actor acted.'),
    clockOffsetMs: z
      .int()
      .min(-86_400_000)
      .max(86_400_000)
      .describe(
        'Measured offset of the clock from its reference, in milliseconds; positive when the clock is fast.',
      ),
    clockSource: text.describe('Where the time comes from, for example `ntp` or `wall clock, two sources`.'),
    detail: z
      .record(nameSchema, z.union([text, z.int()]))
      .optional()
      .describe('Further facts: texts and whole numbers only, at most 32.'),
    digest: digest.describe('SHA-256 of the canonical form of this record without this member.'),
    digests: z
      .record(nameSchema, digest)
      .optional()
      .describe(
        'SHA-256 of public artifacts (manifest, script, image, ciphertext), at most 32; never of anything guessable.',
      ),
    format: z.literal(FORMAT).describe('Version of this format.'),
    generation: count(65535).optional().describe('Generation of the set.'),
    key: slug.optional().describe('Name of the MasterKey.'),
    keyVersion: count(9999).optional().describe('Version of the MasterKey.'),
    mode: z
      .enum(['real', 'exercise', 'drill'], 'wanted real, exercise or drill')
      .describe(
        '`real`, `exercise` (people, TEST sets) or `drill` (automated, TEST sets). One trail holds one mode.',
      ),
    outcome: z
      .enum(['ok', 'failed', 'refused', 'aborted'], 'wanted ok, failed, refused or aborted')
      .describe('How it ended.'),
    previous: digest.describe('Digest of the record before; 64 zeros in the first record of a trail.'),
    provider: text.optional().describe('Provider and place, for example `aws-kms us-east-1`.'),
    reason: text.optional().describe('Why; needed unless the outcome is `ok`.'),
    requestId: text
      .optional()
      .describe('Request id that the provider returned: finds the event in the provider’s own log.'),
    sequence: count(Number.MAX_SAFE_INTEGER).describe('1, 2, 3 … without a gap, over all files of a trail.'),
    shard: z
      .string()
      .regex(
        /^[0-9A-F]{4}-(?:00[1-9]|0[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])$/,
        'wanted a label such as 9F3A-083',
      )
      .optional()
      .describe('Label of the shard.'),
    step: z
      .string()
      .regex(/^[A-Z]{3}(?:-[A-Z][0-9]{1,3})?-[0-9]{2}$/, 'wanted a step id such as UNS-04')
      .optional()
      .describe('Id of the step of the runbook.'),
    time: z
      .string()
      .regex(TIME, 'wanted UTC with milliseconds, 2026-11-23T09:30:00.000Z')
      .describe('RFC 3339, UTC, with milliseconds.'),
    witness: slug.optional().describe('Id of the second person.'),
    witnessRole: slug.optional().describe('Role in which the second person was present.'),
  })
  .meta({ title: 'Audit event of a MasterKey', description: 'One line of an audit trail.' });

export type AuditEvent = z.infer<typeof eventSchema>;

/** What a writer supplies; the chain adds the rest. */
export type EventDraft = Omit<AuditEvent, 'digest' | 'format' | 'previous' | 'sequence'>;

/** What is wrong with a record: a stable name for the kind, and a sentence that never quotes a value. */
export interface EventProblem {
  readonly kind: 'unknown-action' | 'secret' | 'schema' | 'rule';
  readonly message: string;
}

/** Rules over several members, in the order in which they are reported; the reference page lists them. */
export const RULES: readonly { readonly text: string; readonly holds: (event: AuditEvent) => boolean }[] = [
  {
    text: 'the date exists in the calendar',
    holds: ({ time }) => Number(time.slice(8, 10)) <= 28 || new Date(time).toISOString() === time,
  },
  {
    text: '`witness` and `witnessRole` stand together',
    holds: (e) => (e.witness === undefined) === (e.witnessRole === undefined),
  },
  { text: 'nobody witnesses their own act', holds: (e) => e.witness !== e.actor },
  {
    text: 'a second person is named, except in drills and for the actions marked “alone”',
    holds: (e) => e.witness !== undefined || e.mode === 'drill' || !needsWitness(e.action),
  },
  {
    text: 'an outcome other than `ok` has a `reason`',
    holds: (e) => e.outcome === 'ok' || e.reason !== undefined,
  },
  {
    text: 'an action on a shard names `key`, `generation` and `shard`',
    holds: (e) =>
      !e.action.startsWith('shard.') ||
      (e.key !== undefined && e.generation !== undefined && e.shard !== undefined),
  },
  {
    text: 'an action on a set names `key` and `generation`',
    holds: (e) => !e.action.startsWith('set.') || (e.key !== undefined && e.generation !== undefined),
  },
  {
    text: 'an action on a key names `key` and `keyVersion`',
    holds: (e) => !e.action.startsWith('key.') || (e.key !== undefined && e.keyVersion !== undefined),
  },
  {
    text: 'an action on a provider key names `provider`',
    holds: (e) => !e.action.startsWith('provider-key.') || e.provider !== undefined,
  },
  {
    text: '`detail` and `digests` hold 1 to 32 members each, or are left out',
    holds: ({ detail, digests }) =>
      [detail, digests].every((part) => {
        const size = part === undefined ? 1 : Object.keys(part).length;
        return size >= 1 && size <= 32;
      }),
  },
];

/** Tells whether a record of the right shape keeps every rule. */
export function keepsRules(event: AuditEvent): boolean {
  return RULES.every((rule) => rule.holds(event));
}

/** Where the value of an issue is a text that looks like a secret, say so: that is an incident, not a typing error. */
function holdsSecret(value: unknown, path: readonly PropertyKey[]): boolean {
  const found = path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
  if (typeof found !== 'string' || !looksSecret(found)) return false;
  // A digest with a slip in it is no incident; a shard in its place is one.
  return !['digest', 'digests', 'previous'].includes(String(path[0])) || !/[0-9A-Fa-f]{32}/.test(found);
}

/** The schema library passes over a member of this name in a record, so it is looked for by hand. */
export function hidesMember(value: unknown): boolean {
  const { detail, digests } = value as { detail?: object; digests?: object };
  return [detail, digests].some((part) => part !== undefined && Object.hasOwn(part, '__proto__'));
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a whole number',
  int: 'a whole number',
};

/** The library's own messages speak of types; ours say what was wanted. */
function wanted(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'unrecognized_keys':
      return 'a member that the format does not know';
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'invalid_type':
      if (issue.message.endsWith('undefined')) return 'is missing';
      return `wanted ${TYPES[issue.expected] ?? 'an object'}`;
    case 'invalid_union':
      return 'wanted a text or a whole number';
    case 'invalid_value':
      return issue.path[0] === 'format' ? `wanted ${FORMAT}` : issue.message;
    case 'too_big':
      return `wanted at most ${issue.maximum}`;
    case 'too_small':
      return `wanted at least ${issue.minimum}`;
    default:
      return issue?.message ?? '';
  }
}

/** Checks the shape and the rules of one record. Returns the record, or the first problem. */
export function checkEvent(value: unknown): { event: AuditEvent } | { problem: EventProblem } {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path ?? [];
    const at = String(path[0] ?? '');
    if (at === 'action') {
      const found = (value as { action?: unknown }).action;
      const shown = typeof found === 'string' && /^[a-z.-]{1,60}$/.test(found) ? `"${found}" ` : '';
      return {
        problem: { kind: 'unknown-action', message: `the action ${shown}is not in the list of actions` },
      };
    }
    if (path.length > 0 && holdsSecret(value, path)) {
      const message = `"${at}" holds a text that has the shape of a secret; treat it as exposed`;
      return { problem: { kind: 'secret', message } };
    }
    const message = wanted(issue);
    // The name of a fact tells which one; a name of another form is not shown.
    const fact = typeof path[1] === 'string' && /^[a-z][A-Za-z0-9]{0,39}$/.test(path[1]) ? `.${path[1]}` : '';
    return { problem: { kind: 'schema', message: at ? `"${at}${fact}": ${message}` : `${message}` } };
  }
  if (hidesMember(value))
    return { problem: { kind: 'schema', message: 'a member that the format does not know' } };
  const broken = RULES.find((rule) => !rule.holds(parsed.data));
  if (broken) return { problem: { kind: 'rule', message: `broken rule: ${broken.text}` } };
  return { event: parsed.data };
}
