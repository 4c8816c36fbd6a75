/** Filled forms as a schema, made from their descriptions (zod; JSON Schema 2020-12 for others). */
import * as z from 'zod';
import { DIGEST_SHAPE, looksSecretAsTyped, looksSecretForDigest, SECRET_SHAPE } from '../secrets';
import { contradicted } from './against';
import { forms } from './catalog';
import { type Field, type FormDescription, isDigest, patternOf, sizeOf } from './form';

function fieldSchema(field: Field): z.ZodType {
  if (field.kind === 'tick') return z.literal('yes');
  if (field.kind === 'choice') return z.enum((field.choices ?? []) as [string, ...string[]]);
  const pattern = patternOf(field);
  const text = z.string().min(1).max(sizeOf(field));
  // A digest has the shape of a key, and only these fields may hold one.
  if (pattern !== undefined) return text.regex(new RegExp(`^${pattern}$`));
  return isDigest(field)
    ? text
        .regex(new RegExp(DIGEST_SHAPE))
        .refine((value) => !looksSecretForDigest(value), 'looks like a shard')
    : text.refine((value) => !looksSecretAsTyped(value), 'looks like a shard or a key');
}

function shape(fields: readonly Field[]): z.ZodType {
  const known = fields.filter(({ kind }) => kind !== 'signature');
  return z
    .strictObject(
      Object.fromEntries(
        known.map((field) => [field.id, fieldSchema(field).optional().describe(field.label)]),
      ),
    )
    .superRefine((value, context) => {
      const texts = value as Readonly<Record<string, string | undefined>>;
      for (const field of known) {
        const other = contradicted(field, texts[field.id] ?? '', (id) => texts[id]);
        if (other !== undefined)
          context.addIssue({ code: 'custom', path: [field.id], message: `contradicts ${other}` });
      }
    });
}

/** Schema of one filled form. Signatures stay on paper. */
export function formSchema(form: FormDescription): z.ZodType {
  const sections = form.sections.map(({ id, title, fields, rows }) => {
    const content = rows === undefined ? shape(fields ?? []) : z.array(shape(rows.columns)).max(500);
    return [id, content.optional().describe(title)] as const;
  });
  return z
    .strictObject({
      format: z.literal('mks-form/1'),
      form: z.literal(form.id),
      runbook: z.strictObject({
        version: z.string().max(40),
        commit: z.string().regex(/^(?:unknown|[0-9a-f]{7,40}\+?)$/),
        page: z.string().regex(/^[0-9a-f]{16}$/),
      }),
      sections: z.strictObject(Object.fromEntries(sections)),
    })
    .meta({ title: form.title });
}

/** JSON Schema of all forms. */
export function formsJsonSchema(): Record<string, unknown> {
  const all = z
    .union(forms.map(formSchema) as [z.ZodType, z.ZodType, ...z.ZodType[]])
    .meta({ title: 'Filled forms of the MasterKey Runbook' });
  return z.toJSONSchema(all, {
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      const refined = zodSchema._zod.def.checks?.some((check) => check._zod.def.check === 'custom');
      if (jsonSchema.type === 'string' && refined) jsonSchema.not = { pattern: SECRET_SHAPE };
    },
  }) as Record<string, unknown>;
}
