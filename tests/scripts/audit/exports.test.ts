/** Exports of the real pages, and the comparison that uses them, from start to end. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportsOf, proceduresOf } from '../../../scripts/audit/exports';
import { oscalJudge } from '../../../scripts/audit/oscal-check';
import { main } from '../../../scripts/sss/main';
import { type AuditAction, needsWitness } from '../../../src/audit/actions';
import { headOf, NO_RECORD, type Sealed, seal } from '../../../src/audit/chain';
import { byPage } from '../../../src/audit/controls/map';
import { assessmentResults } from '../../../src/audit/oscal';
import { shardLabel } from '../../../src/shard/format';
import { formatManifest } from '../../../src/shard/manifest';
import { oscalSource } from '../../../src/site/control-files';
import { hrefOf } from '../../../src/site/href';
import { definition, results } from '../../audit/oscal-shapes';
import { draft, toText } from '../../audit/trails';
import { exampleRoot } from '../../example';

const root = exampleRoot();
const folder = mkdtempSync(path.join(tmpdir(), 'exports-'));
afterAll(() => rmSync(folder, { recursive: true }));
const procedures = proceduresOf(root);
const files = exportsOf(root, procedures);

describe('exports', () => {
  it('hold control map, OSCAL, and a procedure for each page with steps', () => {
    const names = [...files.keys()];
    expect(names).toEqual(expect.arrayContaining(['control-map.csv', 'oscal-component-definition.json']));
    expect(names).not.toContain('oscal-assessment-results.json');
    expect(names).toEqual(
      expect.arrayContaining(['procedure-ceremony-script.json', 'procedure-emergency-unseal.json']),
    );
    expect([...exportsOf(root, procedures)]).toEqual([...files]);
  });

  const source = oscalSource(root, procedures, 'https://runbook.example/');
  const drilled = [...byPage(source.steps).keys()].map((page) => ({ page, scenarios: 1, passed: true }));
  const times = ['2026-11-23T09:00:00Z', '2026-11-23T09:01:00Z'] as const;
  const assessed = assessmentResults(source, drilled, ...times);
  const component = JSON.parse(files.get('oscal-component-definition.json') ?? '');

  it.each([
    ['component', component, definition],
    ['assessment-results', assessed, results],
  ] as const)('are OSCAL for the whole runbook: %s', (name, document, shape) => {
    expect(shape.safeParse(document).error?.issues).toBeUndefined();
    const text = JSON.stringify(document);
    const ids = [...text.matchAll(/"uuid":"([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set(ids);
    for (const [, href, observation] of text.matchAll(
      /"(?:href|source)":"#([^"]+)"|"observation-uuid":"([^"]+)"/g,
    ))
      expect(known.has(href ?? observation)).toBe(true);
    const folder = process.env.OSCAL_SCHEMAS;
    if (folder === undefined) return;
    const schema = JSON.parse(readFileSync(path.join(folder, `oscal_${name}_schema.json`), 'utf8'));
    expect(oscalJudge(schema)(document)).toEqual([]);
  });

  it('lead to pages and steps that exist', () => {
    const known = new Set(source.steps.map(({ page, id }) => `${page}#${id}`));
    const pages = new Set(procedures.map(({ file }) => `${hrefOf(file)}/`));
    for (const [, address] of JSON.stringify(component).matchAll(
      /"href":"https:\/\/runbook\.example([^"]+)"/g,
    ))
      expect(
        address?.includes('#') ? known.has(address) : pages.has(address?.replace('/index/', '/') ?? ''),
      ).toBe(true);
  });
});

interface Exported {
  page: string;
  commit: string;
  steps: { id: string; by: string; witness: string; log: AuditAction[] }[];
}

/** A manifest that lists the shard of the records. */
const manifest = formatManifest({
  format: 'mks-manifest/1',
  keyName: 'ledger-master-key',
  keyBytes: 32,
  test: false,
  threshold: 2,
  total: 2,
  generation: 1,
  setId: '9f3a000000000000',
  commitment: 'cd'.repeat(32),
  shards: [83, 84].map((x, index) => ({
    number: index + 1,
    label: shardLabel('9f3a000000000000', x),
    x,
    sha256: 'ef'.repeat(32),
    holder: 'a safe',
  })),
});
const manifestSha256 = createHash('sha256').update(manifest).digest('hex');

/** A log and a trail that follow an exported procedure to the letter. */
function perform(procedure: Exported) {
  const roles = [...new Set(procedure.steps.flatMap(({ by, witness }) => [by, witness]))];
  const person = (role: string) => `person-${role}`;
  let head = NO_RECORD;
  let second = 0;
  const time = () => new Date(Date.UTC(2026, 10, 23, 9, 0, second++)).toISOString();
  const records: Sealed[] = [];
  const add = (changes: object) => {
    const given = { ...draft(head.sequence + 1), time: time(), ...changes };
    const sealed = seal(
      Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never,
      head,
    );
    head = headOf(sealed.event);
    records.push(sealed);
  };
  add({ step: undefined });
  const rows = procedure.steps.map(({ id, by, witness, log }) => {
    for (const action of log) {
      const alone = !needsWitness(action);
      add({
        step: id,
        action,
        actor: person(by),
        actorRole: by,
        witness: alone ? undefined : person(witness),
        witnessRole: alone ? undefined : witness,
      });
    }
    return { id, time: time(), by: person(by), witness: person(witness) };
  });
  const log = {
    format: 'mks-ceremony-log/1',
    page: procedure.page,
    release: { version: '0.1.0', commit: procedure.commit.slice(0, 12) },
    mode: 'real',
    participants: roles.map((role) => ({ person: person(role), roles: [role], signed: 'agree' })),
    steps: rows,
    exceptions: [],
    manifestSha256,
  };
  return { log, records };
}

describe('sss audit compare', () => {
  const text = files.get('procedure-ceremony-script.json') ?? '';
  const { log, records } = perform(JSON.parse(text));
  const at = (name: string) => path.join(folder, name);

  async function compare(given: object, trail: string, ...options: string[]) {
    writeFileSync(at('procedure.json'), text);
    writeFileSync(at('log.json'), JSON.stringify(given));
    writeFileSync(at('trail.jsonl'), trail);
    let out = '';
    let err = '';
    writeFileSync(at('manifest.json'), manifest);
    const files = { procedure: 'procedure.json', log: 'log.json', manifest: 'manifest.json' };
    const inputs = Object.entries(files).flatMap(([option, name]) => [`--${option}`, at(name)]);
    inputs.push(at('trail.jsonl'));
    const known = records.at(-1)?.event;
    const argv = ['compare', '--head', `${known?.sequence}:${known?.digest}`, ...options, ...inputs];
    const code = await main(['audit', ...argv], {
      env: {},
      out: (part) => {
        out += part;
      },
      err: (part) => {
        err += part;
      },
    });
    return { code, out, err };
  }

  it('finds one story in a ceremony that followed the script', async () => {
    const { code, out, err } = await compare(log, toText(records));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(
      `VERIFIED: one story: ${log.steps.length} steps, ${records.length - 1} records, 0 exceptions.`,
    );
    expect(out).toContain('Signatures: ');
  });

  it('writes one page about it, with the digests of what was compared, over no other file', async () => {
    const page = at('verdict.html');
    expect((await compare(log, toText(records), '--page', page)).code).toBe(0);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('<h1>Comparison of a ceremony: VERIFIED: one story</h1>');
    for (const name of ['procedure.json', 'log.json', 'manifest.json', 'trail.jsonl'])
      expect(html).toContain(
        createHash('sha256')
          .update(readFileSync(at(name)))
          .digest('hex'),
      );
    expect((await compare(log, toText(records), '--page', page)).code).toBeGreaterThan(1);
    expect(readFileSync(page, 'utf8')).toBe(html);
  });

  it('finds no story in a ceremony whose log knows no manifest, or another one', async () => {
    const { manifestSha256: _, ...without } = log;
    const none = await compare(without, toText(records));
    expect(none).toMatchObject({ code: 1, out: expect.stringContaining('digest of its manifest') });
    const other = await compare({ ...log, manifestSha256: 'ab'.repeat(32) }, toText(records));
    expect(other.out).toContain('MANIFEST: the manifest is not the one whose digest the log holds');
  });

  it('names a step that was left out', async () => {
    const { code, out } = await compare({ ...log, steps: log.steps.toSpliced(3, 1) }, toText(records));
    expect(code).toBe(1);
    expect(out).toContain(`STEP: step ${log.steps[3]?.id}: has no row in the log`);
  });

  it('tells steps from records without any log', async () => {
    const run = async (lines: Sealed[]) => {
      writeFileSync(at('procedure.json'), text);
      writeFileSync(at('trail.jsonl'), toText(lines));
      let out = '';
      const argv = ['verify', '--procedure', at('procedure.json'), at('trail.jsonl')];
      const code = await main(['audit', ...argv], {
        env: {},
        out: (part) => {
          out += part;
        },
        err: () => undefined,
      });
      return { code, out };
    };
    expect(await run(records)).toMatchObject({
      // No head was given.
      code: 4,
      out: expect.stringContaining('Every step left a record.'),
    });
    const half = await run(records.slice(0, 5));
    expect(half).toMatchObject({
      code: 4,
      out: expect.stringMatching(/Not checked: steps .*, without any record\./),
    });
    const [first] = log.steps;
    const foreign = seal(
      { ...draft(3), time: '2026-11-23T10:00:00.000Z', step: first?.id ?? '', action: 'key.loaded' },
      headOf(records.at(-1)?.event as never),
    );
    const wrong = await run([...records, foreign]);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain(`key.loaded is not what step ${first?.id} logs`);
  });

  it('wants a sound trail and a real log', async () => {
    expect(await compare(log, toText(records).replace('wanda', 'wendy').slice(0, -9))).toMatchObject({
      code: 1,
    });
    expect((await compare({ format: 'x' }, toText(records))).err).toContain('is not a Ceremony Log: format');
  });
});
