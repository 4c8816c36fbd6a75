/** OSCAL exports: the shape that NIST's schema asks for, ids that are well-formed, unique and stable, and no reference that leads nowhere. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oscalJudge } from '../../scripts/audit/oscal-check';
import { CONTROLS } from '../../src/audit/controls/map';
import { assessmentResults, componentDefinition, controlId, uuidOf } from '../../src/audit/oscal';
import { definition, results } from './oscal-shapes';

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
    expect(written.map((one) => one['control-id'])).toEqual(expect.arrayContaining(CONTROLS.map(controlId)));
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
    expect(finding('pci-dss-10.2.2')).toBeUndefined();
  });

  it('takes the whole drill for a control that asks for a test, by the name of its objective', () => {
    const tested = finding('cp-4_obj');
    expect(tested?.['related-observations']).toHaveLength(pages.length);
    expect(tested?.target.status.state).toBe('not-satisfied');
    const [run] = assessed['assessment-results'].results;
    const ids = run?.['reviewed-controls']['control-selections'][0]?.['include-controls'] ?? [];
    expect(ids).toContainEqual({ 'control-id': 'cp-4' });
    expect(ids).toHaveLength(run?.findings.length ?? 0);
  });

  it('names controls of SP 800-53 as NIST’s own catalog does, and points to it', () => {
    const [own] = component['component-definition'].components;
    const nist = own?.['control-implementations'].find(({ source: from }) => from.includes('usnistgov'));
    expect(nist?.source).toMatch(/^https:.*NIST_SP-800-53_rev5_catalog\.json$/);
    const ids = nist?.['implemented-requirements'].map((one) => one['control-id']) ?? [];
    expect(ids).toEqual(expect.arrayContaining(['ac-5', 'au-9', 'cp-4', 'sc-12']));
    for (const id of ids) expect(id).toMatch(/^[a-z]{2}-[0-9]{1,2}$/);
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
    expect(oscalJudge(schema)(component)).toEqual([]);
    expect(oscalJudge(schema)({ 'component-definition': {} })).toEqual([
      "/component-definition: must have required property 'uuid'",
      "/component-definition: must have required property 'metadata'",
    ]);
  });
});

type Tree = Record<string | number, unknown>;

function placesOf(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  const below =
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, child]) =>
          placesOf(child, [...at, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return at.length === 0 ? below : [[...at], ...below];
}

/** A document with one mistake: a member or item gone, put in, or with another value. */
function broken(document: object): fc.Arbitrary<unknown> {
  // Two items of a list stand for all.
  const small = JSON.parse(JSON.stringify(document), (_, value) =>
    Array.isArray(value) ? value.slice(0, 2) : value,
  ) as object;
  const value = fc.constantFrom<unknown>(
    '',
    ' x',
    'no uuid',
    7,
    null,
    [],
    {},
    true,
    '9-starts',
    'a b',
    'a\nb',
  );
  const how = fc.constantFrom('delete', 'replace', 'add', 'append');
  return fc.tuple(fc.constantFrom(...placesOf(small)), how, value).map(([place, change, other]) => {
    const copy = structuredClone(small);
    const parent = place.slice(0, -1).reduce<Tree>((tree, key) => tree[key] as Tree, copy as Tree);
    const key = place.at(-1) ?? '';
    if (change === 'add' && !Array.isArray(parent)) parent['unknown-member'] = other;
    else if (change === 'append' && typeof parent[key] === 'string') parent[key] = `${parent[key]} !`;
    else if (change !== 'delete') parent[key] = other;
    else if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    return copy;
  });
}

// NIST publishes the schemas with each release of OSCAL (github.com/usnistgov/OSCAL/releases/tag/v1.2.1); this repository
// does not carry them. With OSCAL_SCHEMAS=FOLDER of the two files, the exports are judged by them as well.
const folder = process.env.OSCAL_SCHEMAS;

describe.runIf(folder !== undefined)('NIST’s own schemas', () => {
  it.each([
    ['component', 'ce95b3b3ea8de87c020ad4a91075241f6f863a77afe212ee828009830d6042d1', component, definition],
    [
      'assessment-results',
      '4f9e277a177adbcca9527612ce450a33dc6096773fa229d413d801d196c61985',
      assessed,
      results,
    ],
  ] as const)(
    'oscal_%s_schema.json accepts the export, and nothing that our shape refuses less',
    (name, sha256, document, shape) => {
      const bytes = readFileSync(path.join(folder ?? '', `oscal_${name}_schema.json`));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      const judge = oscalJudge(JSON.parse(bytes.toString('utf8')));
      expect(judge(document)).toEqual([]);
      let refused = 0;
      fc.assert(
        fc.property(broken(document), (changed) => {
          if (judge(changed).length === 0) return;
          refused++;
          expect(shape.safeParse(changed).success).toBe(false);
        }),
        { numRuns: 2000 },
      );
      expect(refused).toBeGreaterThan(500);
    },
  );
});
