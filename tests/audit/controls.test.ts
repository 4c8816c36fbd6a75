/** The control map has no loose end: every control has pages, steps and evidence, every action and artifact has a control, and all of them exist. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type AuditAction } from '../../src/audit/actions';
import { controlsOf, of, toCheck } from '../../src/audit/controls/control';
import { byPage, CONTROLS, controlsCsv, FRAMEWORKS, mapControls } from '../../src/audit/controls/map';
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
      expect.arrayContaining(['PCI DSS', 'PCI PIN', 'SOC 2', 'ISO 27001', 'SP 800-57-1', 'SP 800-53']),
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
      // Only what does not apply has neither steps nor records.
      expect(control.actions.length > 0 || control.everyStep || control.id === 'pci-dss-3.7.9').toBe(true);
      expect(control.evidence.length).toBeGreaterThan(0);
      expect(control.asks).toMatch(/^[A-Z].*[.?]$/);
      // One number a control: a range is no control of any catalog.
      expect(control.number).not.toMatch(/[,–]/);
    },
  );

  it('leaves no action, step or artifact without a control', () => {
    const covered = new Set<AuditAction>(CONTROLS.flatMap((control) => control.actions));
    expect(Object.keys(ACTIONS).filter((action) => !covered.has(action as AuditAction))).toEqual([]);
    expect(map.idleSteps).toEqual([]);
    expect(map.idleEvidence).toEqual([]);
    expect(Object.values(EVIDENCE).filter((evidence) => !page(evidence.page))).toEqual([]);
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
      expect(cells).toHaveLength(11);
      expect(cells.map((cell) => `"${cell}"`).join(',')).toBe(line);
      expect(cells.some((cell) => /^[=+@-]/.test(cell ?? ''))).toBe(false);
    }
  });
});
