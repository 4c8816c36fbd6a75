/** The control map has no loose end: every control has pages, steps and evidence, every action and artifact has a control, and all of them exist. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type AuditAction } from '../../src/audit/actions';
import { framework, of } from '../../src/audit/controls/control';
import { CONTROLS, controlsCsv, mapControls } from '../../src/audit/controls/map';
import { EVIDENCE } from '../../src/audit/evidence';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';

const root = path.resolve('.');
const steps = loadProcedures(root, loadDeployment(path.join(root, 'deployment.yaml'))).flatMap((procedure) =>
  procedure.steps.map(({ id, log }) => ({ id, page: procedure.file, log })),
);
const page = (name: string) => existsSync(path.join(root, 'docs', `${name}.mdx`));

describe('control map', () => {
  const map = mapControls(steps);

  it('has every framework and no id twice', () => {
    expect(CONTROLS.length).toBeGreaterThanOrEqual(50);
    expect(new Set(CONTROLS.map((control) => control.id)).size).toBe(CONTROLS.length);
    for (const { id } of CONTROLS) expect(id).toMatch(/^[a-z][a-z0-9.-]*$/);
  });

  it.each(CONTROLS.map((control) => [control.id, control] as const))(
    '%s has existing pages, actions and evidence',
    (_id, control) => {
      expect(control.pages.length).toBeGreaterThan(0);
      expect(control.pages.filter((name) => !page(name))).toEqual([]);
      expect(control.actions.length).toBeGreaterThan(0);
      expect(control.evidence.length).toBeGreaterThan(0);
      expect(control.asks).toMatch(/^[A-Z].*\.$/);
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
    for (const control of CONTROLS)
      for (const step of map.steps.get(control.id) ?? [])
        expect(map.controls.get(step.id)).toContain(control);
    for (const step of steps)
      for (const control of map.controls.get(step.id) ?? [])
        expect(map.steps.get(control.id)).toContain(step);
  });

  it('shows a step that serves nothing, and an artifact that proves nothing', () => {
    const lonely = { id: 'XXX-01', page: 'x', log: ['key.loaded'] as const };
    const few = framework('F', 'f', [['1', 'H', 'Asks.', ['p'], ['trail.opened'], ['runbook']]]);
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
      expect(cells).toHaveLength(8);
      expect(cells.map((cell) => `"${cell}"`).join(',')).toBe(line);
      expect(cells.some((cell) => /^[=+@-]/.test(cell ?? ''))).toBe(false);
    }
  });
});
