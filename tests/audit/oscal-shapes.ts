/** The parts of OSCAL 1.2.1 that the exports write, as NIST's schema has them: required members, tokens, and nothing unknown. */
import { z } from 'zod';

const uuid = z
  .string()
  .regex(/^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$/);
const token = z.string().regex(/^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$/u);
const words = z.string().regex(/^\S(.*\S)?$/u);
const time = z.iso.datetime({ offset: true });
const href = z.string().regex(/^(https:\/\/|#)\S+$/);
const metadata = z.strictObject({
  title: words,
  'last-modified': time,
  version: words,
  'oscal-version': z.string().regex(/^1\.2\.\d+$/),
});
const resource = z.strictObject({
  uuid,
  title: words,
  description: words,
  rlinks: z.array(z.strictObject({ href })).min(1).optional(),
});
const backMatter = z.strictObject({ resources: z.array(resource).min(1) });
const requirement = z.strictObject({
  uuid,
  'control-id': token,
  description: words,
  props: z.array(z.strictObject({ name: token, ns: href.optional(), value: words })).min(1),
  links: z.array(z.strictObject({ href, rel: token })).min(1),
  remarks: words.optional(),
});
/** A component definition. */
export const definition = z.strictObject({
  'component-definition': z.strictObject({
    uuid,
    metadata,
    components: z
      .array(
        z.strictObject({
          uuid,
          type: words,
          title: words,
          description: words,
          'control-implementations': z
            .array(
              z.strictObject({
                uuid,
                source: href,
                description: words,
                'implemented-requirements': z.array(requirement).min(1),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
    'back-matter': backMatter,
  }),
});

/** Assessment results. */
export const results = z.strictObject({
  'assessment-results': z.strictObject({
    uuid,
    metadata,
    'import-ap': z.strictObject({ href }),
    results: z
      .array(
        z.strictObject({
          uuid,
          title: words,
          description: words,
          start: time,
          end: time,
          'reviewed-controls': z.strictObject({
            'control-selections': z
              .array(
                z.strictObject({
                  'include-controls': z.array(z.strictObject({ 'control-id': token })).min(1),
                }),
              )
              .min(1),
          }),
          observations: z
            .array(
              z.strictObject({
                uuid,
                description: words,
                methods: z.array(z.literal('TEST')).min(1),
                collected: time,
                'relevant-evidence': z.array(z.strictObject({ href, description: words })).min(1),
              }),
            )
            .min(1),
          findings: z
            .array(
              z.strictObject({
                uuid,
                title: words,
                description: words,
                target: z.strictObject({
                  type: z.literal('objective-id'),
                  'target-id': token,
                  status: z.strictObject({ state: z.enum(['satisfied', 'not-satisfied']) }),
                }),
                'related-observations': z.array(z.strictObject({ 'observation-uuid': uuid })).min(1),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
    'back-matter': backMatter,
  }),
});
