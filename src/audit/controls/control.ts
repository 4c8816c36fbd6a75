/** What a control of a framework is here: what it asks, where the runbook answers, which actions and artifacts prove it. */
import { ACTIONS, type AuditAction } from '../actions';
import type { EvidenceId } from '../evidence';

/** How sure the mapping is. H: read in the requirement's text. M: secondary source. L: from memory. */
export type Confidence = 'H' | 'M' | 'L';

export interface Control {
  /** Stable id, also a valid OSCAL token: `pci-dss-3.7.1`. */
  readonly id: string;
  readonly framework: string;
  /** As the framework numbers it. */
  readonly number: string;
  /** In our words, never the framework's text. */
  readonly asks: string;
  /** Pages of the runbook, as paths under docs/ without extension. */
  readonly pages: readonly string[];
  /** Every step that logs one of these works towards the control. */
  readonly actions: readonly AuditAction[];
  readonly evidence: readonly EvidenceId[];
  readonly confidence: Confidence;
}

/** Every action of the given nouns: `of('bag', 'safe')`. */
export function of(...nouns: string[]): AuditAction[] {
  const names = Object.keys(ACTIONS) as AuditAction[];
  const found = names.filter((name) => nouns.includes(name.slice(0, name.indexOf('.'))));
  const unknown = nouns.filter((noun) => !names.some((name) => name.startsWith(`${noun}.`)));
  if (unknown.length > 0) throw new RangeError(`no action has the noun ${unknown.join(', ')}`);
  return found;
}

type Row = readonly [
  number: string,
  confidence: Confidence,
  asks: string,
  pages: readonly string[],
  actions: readonly AuditAction[],
  evidence: readonly EvidenceId[],
];

/** The controls of one framework. `prefix` begins their ids. */
export function framework(name: string, prefix: string, rows: readonly Row[]): Control[] {
  return rows.map(([number, confidence, asks, pages, actions, evidence]) => {
    const token = number
      .toLowerCase()
      .replace(/[^a-z0-9.]+/g, '-')
      .replace(/^-|-$/g, '');
    return { id: `${prefix}-${token}`, framework: name, number, asks, pages, actions, evidence, confidence };
  });
}
