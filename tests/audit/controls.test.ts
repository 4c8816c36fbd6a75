/** The control map has no loose end: every control has pages, steps and evidence, every action and artifact has a control, and all of them exist. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type AuditAction } from '../../src/audit/actions';
import { controlsOf, of, toCheck } from '../../src/audit/controls/control';
import {
  byPage,
  CONTROLS,
  controlsCsv,
  ELSEWHERE,
  FRAMEWORKS,
  looseEnds,
  mapControls,
} from '../../src/audit/controls/map';
import { EVIDENCE } from '../../src/audit/evidence';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';
import { exampleDeployment } from '../example';

const root = path.resolve('.');
const steps = loadProcedures(root, loadDeployment(exampleDeployment)).flatMap((procedure) =>
  procedure.steps.map(({ id, log }) => ({ id, page: procedure.file, log })),
);
const page = (name: string) => existsSync(path.join(root, 'docs', `${name}.mdx`));

describe('control map', () => {
  const map = mapControls(steps);

  it('has every framework and no id twice', () => {
    expect(CONTROLS.length).toBeGreaterThanOrEqual(90);
    expect(FRAMEWORKS.map(({ short }) => short)).toEqual(
      expect.arrayContaining([
        'PCI DSS',
        'PCI PIN',
        'SOC 2',
        'ISO 27001',
        'SP 800-57-1',
        'SP 800-53',
        'DORA RTS',
        'CCSS',
      ]),
    );
    expect(new Set(CONTROLS.map((control) => control.id)).size).toBe(CONTROLS.length);
    for (const { id } of CONTROLS) expect(id).toMatch(/^[a-z][a-z0-9.-]*$/);
  });

  it.each(CONTROLS.map((control) => [control.id, control] as const))(
    '%s has existing pages, actions and evidence',
    (_id, control) => {
      expect(control.pages.length).toBeGreaterThan(0);
      expect(control.pages.filter((name) => !page(name))).toEqual([]);
      expect(new Set(control.actions).size).toBe(control.actions.length);
      expect(control.asks).toMatch(/^[A-Z].*[.?]$/);
      // One number a control: a range is no control of any catalog.
      expect(control.number).not.toMatch(/[,–]/);
    },
  );

  it('has no loose end: each control has a step and an artifact, or says that it has none', () => {
    expect(looseEnds(steps)).toEqual([]);
    const covered = new Set<AuditAction>(CONTROLS.flatMap((control) => control.actions));
    expect(Object.keys(ACTIONS).filter((action) => !covered.has(action as AuditAction))).toEqual([]);
    expect(Object.values(EVIDENCE).filter((evidence) => !page(evidence.page))).toEqual([]);
  });

  it('tells every control whose last step is taken away, and no other', () => {
    for (const control of CONTROLS.filter(
      ({ everyStep, limits }) => !everyStep && !limits.startsWith(ELSEWHERE),
    )) {
      const own = new Set((map.steps.get(control.id) ?? []).map(({ id }) => id));
      const rest = steps.filter(({ id }) => !own.has(id));
      const told = looseEnds(rest).filter((end) => end.startsWith(`${control.id}:`));
      expect(told).toEqual([`${control.id}: no step logs ${control.actions.join(', ')}`]);
      // One of its steps is enough.
      const [first] = map.steps.get(control.id) ?? [];
      if (first === undefined) throw new RangeError(control.id);
      expect(looseEnds([...rest, first]).filter((end) => end.startsWith(`${control.id}:`))).toEqual([]);
    }
  });

  it('tells a control without an artifact, and one that is done although it says elsewhere', () => {
    const name = { name: 'F', short: 'F', prefix: 'f', text: 'published' } as const;
    const broken = controlsOf(name, [
      ['1', 'H', 'Asks.', ['p'], ['trail.reviewed'], []],
      ['2', 'H', 'Asks.', ['p'], ['trail.reviewed'], ['runbook'], `${ELSEWHERE}: by the owner.`],
      ['3', 'H', 'Asks.', ['p'], [], [], `${ELSEWHERE}: by the owner.`],
    ]);
    const ends = looseEnds(steps, broken).filter((end) => end.startsWith('f-'));
    expect(ends[0]).toBe('f-1: no artifact proves it');
    expect(ends[1]).toMatch(/^f-2: says “Not by this runbook” and has \d+ steps$/);
    expect(ends).toHaveLength(2);
  });

  it('links in both directions', () => {
    for (const control of CONTROLS.filter(({ everyStep }) => !everyStep))
      for (const step of map.steps.get(control.id) ?? [])
        expect(map.controls.get(step.id)).toContain(control);
    for (const [action, asking] of map.asked)
      expect(asking).toEqual(CONTROLS.filter(({ actions }) => actions.includes(action)));
    for (const step of steps)
      for (const control of map.controls.get(step.id) ?? [])
        expect(map.steps.get(control.id)).toContain(step);
  });

  it('gives a control about records as such every step, and no step its only control by that', () => {
    expect(map.steps.get('pci-dss-10.2.2')).toHaveLength(steps.length);
    for (const { id } of steps) expect(map.controls.get(id)?.some(({ everyStep }) => everyStep)).toBe(false);
    const pages = byPage(steps);
    expect([...pages.values()].flat()).toHaveLength(steps.length);
    for (const [href, own] of pages) expect(own.every(({ page }) => page === href)).toBe(true);
  });

  it('says what to compare with, unless the requirement itself was read', () => {
    for (const control of CONTROLS) {
      const wanted = control.framework.text === 'licensed' ? 'your licensed copy.' : 'the publication.';
      if (control.confidence === 'H') expect(toCheck(control)).toBe('');
      else expect(toCheck(control)).toMatch(new RegExp(`Check against ${wanted}$`));
      expect(toCheck(control).startsWith('From memory')).toBe(control.confidence === 'L');
    }
  });

  it('shows a step that serves nothing, and an artifact that proves nothing', () => {
    const lonely = { id: 'XXX-01', page: 'x', log: ['key.loaded'] as const };
    const name = { name: 'F', short: 'F', prefix: 'f', text: 'published' } as const;
    const few = controlsOf(name, [['1', 'H', 'Asks.', ['p'], ['trail.opened'], ['runbook']]]);
    const loose = mapControls([lonely], few);
    expect(loose.idleSteps).toEqual([lonely]);
    expect(loose.idleEvidence).toContain('audit-trail');
    expect(() => of('shrad')).toThrow('no action has the noun shrad');
  });

  it('writes CSV that reads back', () => {
    const lines = controlsCsv(steps).split('\r\n').slice(0, -1);
    expect(lines).toHaveLength(CONTROLS.length + 1);
    for (const line of lines) {
      const cells = [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((match) => match[1]);
      expect(cells).toHaveLength(12);
      expect(cells.map((cell) => `"${cell}"`).join(',')).toBe(line);
      expect(cells.some((cell) => /^[=+@-]/.test(cell ?? ''))).toBe(false);
    }
  });
});
