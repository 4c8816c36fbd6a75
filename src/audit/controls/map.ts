/** The control map, two-way: control ↔ steps ↔ evidence. Steps are found by the actions that they log, so no step id is typed here. */
import type { AuditAction } from '../actions';
import { EVIDENCE, type EvidenceId } from '../evidence';
import type { Control } from './control';
import { ISO_NIST } from './iso-nist';
import { PCI_DSS, PCI_PIN } from './pci';
import { SOC2 } from './soc2';

/** Every control of the map, in the order of the page. */
export const CONTROLS: readonly Control[] = [...PCI_DSS, ...PCI_PIN, ...SOC2, ...ISO_NIST];

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
  /** Controls of each step. */
  readonly controls: ReadonlyMap<string, readonly Control[]>;
  /** Controls of each artifact. */
  readonly proves: ReadonlyMap<EvidenceId, readonly Control[]>;
  /** Steps that serve no control. */
  readonly idleSteps: readonly LoggedStep[];
  /** Artifacts that prove nothing. */
  readonly idleEvidence: readonly EvidenceId[];
}

/** Links controls, steps and evidence in both directions. */
export function mapControls(
  steps: readonly LoggedStep[],
  controls: readonly Control[] = CONTROLS,
): ControlMap {
  const serves = (control: Control, step: LoggedStep) =>
    step.log.some((action) => control.actions.includes(action));
  const byStep = new Map(steps.map((step) => [step.id, controls.filter((control) => serves(control, step))]));
  const ids = Object.keys(EVIDENCE) as EvidenceId[];
  const proves = new Map(ids.map((id) => [id, controls.filter((control) => control.evidence.includes(id))]));
  return {
    steps: new Map(controls.map((control) => [control.id, steps.filter((step) => serves(control, step))])),
    controls: byStep,
    proves,
    idleSteps: steps.filter((step) => byStep.get(step.id)?.length === 0),
    idleEvidence: ids.filter((id) => proves.get(id)?.length === 0),
  };
}

const field = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** The map as CSV (RFC 4180), one line a control. Texts that a spreadsheet would run as a formula cannot occur: the data are ours. */
export function controlsCsv(steps: readonly LoggedStep[], controls: readonly Control[] = CONTROLS): string {
  const map = mapControls(steps, controls);
  const heads = ['Framework', 'Control', 'Asks', 'Pages', 'Steps', 'Evidence', 'Confidence', 'Check'];
  const rows = controls.map((control) => [
    control.framework,
    control.number,
    control.asks,
    control.pages.join(' '),
    (map.steps.get(control.id) ?? []).map((step) => step.id).join(' '),
    control.evidence.map((id) => EVIDENCE[id].title).join('; '),
    control.confidence,
    control.confidence === 'H' ? '' : 'against your licensed copy',
  ]);
  return [heads, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
