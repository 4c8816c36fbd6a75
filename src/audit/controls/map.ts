/** The control map, two-way: control ↔ steps ↔ evidence. Steps are found by the actions that they log, so no step id is typed here. */
import { ACTIONS, type AuditAction } from '../actions';
import { EVIDENCE, type EvidenceId } from '../evidence';
import { type Control, type Framework, toCheck } from './control';
import { ISO_NIST } from './iso-nist';
import { OTHERS } from './others';
import { PCI_DSS, PCI_PIN } from './pci';
import { SOC2 } from './soc2';

/** Every control of the map, in the order of the page. */
export const CONTROLS: readonly Control[] = [...PCI_DSS, ...PCI_PIN, ...SOC2, ...ISO_NIST, ...OTHERS];

/** Every framework, in the order of the page. */
export const FRAMEWORKS: readonly Framework[] = [...new Set(CONTROLS.map(({ framework }) => framework))];

/** What the map needs to know of a step of a compiled procedure. */
export interface LoggedStep {
  readonly id: string;
  /** Address of its page on the site. */
  readonly page: string;
  readonly log: readonly AuditAction[];
}

export interface ControlMap {
  /** Steps of each control, in the order of the procedures. */
  readonly steps: ReadonlyMap<string, readonly LoggedStep[]>;
  /** Controls of each step, without those that every step serves. */
  readonly controls: ReadonlyMap<string, readonly Control[]>;
  /** Controls of each action, likewise. */
  readonly asked: ReadonlyMap<AuditAction, readonly Control[]>;
  /** Controls of each artifact. */
  readonly proves: ReadonlyMap<EvidenceId, readonly Control[]>;
  /** Steps that serve no control of their own. */
  readonly idleSteps: readonly LoggedStep[];
  /** Artifacts that prove nothing. */
  readonly idleEvidence: readonly EvidenceId[];
}

/** Links controls, steps and evidence in both directions. */
export function mapControls(
  steps: readonly LoggedStep[],
  controls: readonly Control[] = CONTROLS,
): ControlMap {
  const names = Object.keys(ACTIONS) as AuditAction[];
  const asked = new Map(
    names.map((name) => [name, controls.filter(({ actions }) => actions.includes(name))] as const),
  );
  const serves = (step: LoggedStep) => {
    const own = new Set(step.log.flatMap((action) => asked.get(action) ?? []));
    return controls.filter((control) => own.has(control));
  };
  const byStep = new Map(steps.map((step) => [step.id, serves(step)]));
  const ids = Object.keys(EVIDENCE) as EvidenceId[];
  const proves = new Map(ids.map((id) => [id, controls.filter((control) => control.evidence.includes(id))]));
  return {
    steps: new Map(
      controls.map((control) => [
        control.id,
        control.everyStep ? steps : steps.filter(({ id }) => byStep.get(id)?.includes(control)),
      ]),
    ),
    controls: byStep,
    asked,
    proves,
    idleSteps: steps.filter((step) => byStep.get(step.id)?.length === 0),
    idleEvidence: ids.filter((id) => proves.get(id)?.length === 0),
  };
}

/** Begins the limits of a control that no step works towards. */
export const ELSEWHERE = 'Not by this runbook';

/**
 * Loose ends of the map, each one sentence: a control without a step or an artifact that does not say so, or that says so
 * and has steps; a step without a control; an artifact that proves nothing.
 */
export function looseEnds(steps: readonly LoggedStep[], controls: readonly Control[] = CONTROLS): string[] {
  const map = mapControls(steps, controls);
  return [
    ...controls.flatMap((control) => {
      const count = map.steps.get(control.id)?.length ?? 0;
      const isElsewhere = control.limits.startsWith(ELSEWHERE);
      const asked = control.actions.join(', ') || 'nothing';
      return [
        ...(count === 0 && !isElsewhere ? [`${control.id}: no step logs ${asked}`] : []),
        ...(count > 0 && isElsewhere ? [`${control.id}: says “${ELSEWHERE}” and has ${count} steps`] : []),
        ...(control.evidence.length === 0 && !isElsewhere ? [`${control.id}: no artifact proves it`] : []),
      ];
    }),
    ...map.idleSteps.map(({ id, log }) => `step ${id}: no control asks for ${log.join(', ')}`),
    ...map.idleEvidence.map((id) => `artifact ${id}: no control asks for it`),
  ];
}

/** Steps by page, in the order in which they come. */
export function byPage(steps: readonly LoggedStep[]): ReadonlyMap<string, readonly LoggedStep[]> {
  const pages = new Map<string, LoggedStep[]>();
  for (const step of steps) pages.set(step.page, [...(pages.get(step.page) ?? []), step]);
  return pages;
}

/** Where a site keeps the map as files, beside the page: one for a spreadsheet, one for compliance tools. */
export const MAP_FILES = {
  csv: 'audit/control-map/control-map.csv',
  oscal: 'audit/control-map/oscal-component-definition.json',
} as const;

const field = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** The map as CSV (RFC 4180), one line a control. Texts that a spreadsheet would run as a formula cannot occur: the data are ours. */
export function controlsCsv(steps: readonly LoggedStep[], controls: readonly Control[] = CONTROLS): string {
  const map = mapControls(steps, controls);
  const heads = [
    'Id',
    'Framework',
    'Control',
    'Asks',
    'Pages',
    'Steps',
    'Records',
    'Evidence',
    'Where',
    'Confidence',
    'Check',
    'Limits',
  ];
  const rows = controls.map((control) => {
    const own = control.everyStep ? ['every step'] : (map.steps.get(control.id) ?? []).map(({ id }) => id);
    return [
      control.id,
      control.framework.name,
      control.number,
      control.asks,
      control.pages.join(' '),
      own.join(' '),
      control.actions.join(' '),
      control.evidence.map((id) => EVIDENCE[id].title).join('; '),
      control.evidence.map((id) => EVIDENCE[id].where).join(' '),
      control.confidence,
      toCheck(control),
      control.limits,
    ];
  });
  return [heads, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
