/** OSCAL exports: the shape that NIST's schema asks for, ids that are well-formed, unique and stable, and no reference that leads nowhere. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { oscalProblems } from '../../scripts/audit/oscal-check';
import { CONTROLS } from '../../src/audit/controls/map';
import { assessmentResults, componentDefinition, uuidOf } from '../../src/audit/oscal';

const source = {
  steps: [
    { id: 'UNS-S1-04', page: '/emergency/unseal/', log: ['shard.unwrapped', 'key.combined'] },
    { id: 'CER-01', page: '/ceremony/script/', log: ['ceremony.opened'] },
  ],
  site: 'https://runbook.example',
  version: 'abc1234',
  modified: '2026-11-23T09:00:00+00:00',
} as const;
const pages = [
  { page: '/emergency/unseal/', scenarios: 26, passed: true },
  { page: '/ceremony/script/', scenarios: 1, passed: false },
];

// The parts of the OSCAL 1.2 reference that we write: required members, tokens, and nothing unknown.
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
});
const definition = z.strictObject({
  'component-definition': z.strictObject({
    uuid,
    metadata,
    components: z.array(
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
    ),
    'back-matter': backMatter,
  }),
});
const results = z.strictObject({
  'assessment-results': z.strictObject({
    uuid,
    metadata,
    'import-ap': z.strictObject({ href }),
    results: z.array(
      z.strictObject({
        uuid,
        title: words,
        description: words,
        start: time,
        end: time,
        'reviewed-controls': z.strictObject({
          'control-selections': z.array(
            z.strictObject({ 'include-controls': z.array(z.strictObject({ 'control-id': token })).min(1) }),
          ),
        }),
        observations: z.array(
          z.strictObject({
            uuid,
            description: words,
            methods: z.array(z.literal('TEST')),
            collected: time,
            'relevant-evidence': z.array(z.strictObject({ href, description: words })),
          }),
        ),
        findings: z.array(
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
        ),
      }),
    ),
    'back-matter': backMatter,
  }),
});

const component = componentDefinition(source);
const assessed = assessmentResults(source, pages, '2026-11-23T09:00:00Z', '2026-11-23T09:01:00Z');
const finding = (id: string) =>
  assessed['assessment-results'].results[0]?.findings.find((one) => one.target['target-id'] === id);

describe.each([
  ['component definition', component, definition],
  ['assessment results', assessed, results],
] as const)('OSCAL %s', (_what, document, schema) => {
  const text = JSON.stringify(document);

  it('has the shape', () => {
    expect(schema.safeParse(document).error?.issues).toBeUndefined();
  });

  it('has every id once, and no reference without its target', () => {
    const ids = [...text.matchAll(/"uuid":"([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...text.matchAll(/"(?:href|source)":"#([^"]+)"|"observation-uuid":"([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, href, observation] of references) expect(ids).toContain(href ?? observation);
  });
});

describe('OSCAL contents', () => {
  it('holds every control, with the steps that serve it', () => {
    const written = component['component-definition'].components.flatMap((one) =>
      one['control-implementations'].flatMap((implementation) => implementation['implemented-requirements']),
    );
    expect(written.map((one) => one['control-id'])).toEqual(
      expect.arrayContaining(CONTROLS.map(({ id }) => id)),
    );
    const dual = written.find((one) => one['control-id'] === 'pci-dss-3.7.6');
    expect(dual?.links).toContainEqual({
      href: 'https://runbook.example/emergency/unseal/#UNS-S1-04',
      rel: 'procedure',
    });
  });

  it('does not call a control satisfied when a drill of its steps failed, nor when nothing was drilled', () => {
    expect(finding('pci-dss-3.7.6')?.target.status.state).toBe('satisfied');
    expect(finding('cabf-br-6.1.1.1')?.target.status.state).toBe('not-satisfied');
    expect(finding('pci-dss-3.7.8')).toBeUndefined();
  });

  it('makes UUIDs of version 5 as RFC 9562 does', () => {
    // Made with: python3 -c "import uuid; print(uuid.uuid5(uuid.NAMESPACE_URL, 'https://masterkey-runbook.example/component'))"
    expect(uuidOf('component')).toBe('f1ecf0f6-3a16-5305-b53c-1f052a658bd2');
  });

  it('is validated by the checker for NIST’s schema', () => {
    const schema = {
      type: 'object',
      required: ['component-definition'],
      properties: { 'component-definition': { type: 'object', required: ['uuid', 'metadata'] } },
    };
    expect(oscalProblems(schema, component)).toEqual([]);
    expect(oscalProblems(schema, { 'component-definition': {} })).toEqual([
      "/component-definition: must have required property 'uuid'",
      "/component-definition: must have required property 'metadata'",
    ]);
  });
});
