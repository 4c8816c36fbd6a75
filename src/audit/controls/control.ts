/** What a control of a framework is here: what it asks, where the runbook answers, which actions and artifacts prove it. */
import { ACTIONS, type AuditAction } from '../actions';
import type { EvidenceId } from '../evidence';

/** How sure the mapping is. H: read in the requirement's text. M: secondary source. L: from memory. */
export type Confidence = 'H' | 'M' | 'L';

export interface Framework {
  /** With edition. */
  readonly name: string;
  /** In links and lists. */
  readonly short: string;
  /** Begins the ids of its controls. */
  readonly prefix: string;
  /** Where the text of a requirement is read: bought or accepted under terms, or published for everybody. */
  readonly text: 'licensed' | 'published';
  /** Address of the framework's own OSCAL catalog, whose ids are the numbers in small letters. */
  readonly catalog?: string;
}

export interface Control {
  /** Stable id, also a valid OSCAL token: `pci-dss-3.7.1`. */
  readonly id: string;
  readonly framework: Framework;
  /** As the framework numbers it. */
  readonly number: string;
  /** In our words, never the framework's text. */
  readonly asks: string;
  /** Pages of the runbook, as paths under docs/ without extension. */
  readonly pages: readonly string[];
  /** Every step that logs one of these works towards the control. */
  readonly actions: readonly AuditAction[];
  /** Every step works towards it, whatever it logs. */
  readonly everyStep: boolean;
  readonly evidence: readonly EvidenceId[];
  readonly confidence: Confidence;
  /** What of it this runbook does not do, and who does; begins with `Not by this runbook` where no step works towards it. */
  readonly limits: string;
}

/** For a control about records as such: each step leaves one. */
export const EVERY_STEP = 'every step';

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
  /** None where the limits say that no step works towards it. */
  actions: readonly AuditAction[] | typeof EVERY_STEP,
  evidence: readonly EvidenceId[],
  limits?: string,
];

/** The controls of one framework. */
export function controlsOf(framework: Framework, rows: readonly Row[]): Control[] {
  return rows.map(([number, confidence, asks, pages, actions, evidence, limits = '']) => {
    const token = number
      .toLowerCase()
      .replace(/[^a-z0-9.]+/g, '-')
      .replace(/^-|-$/g, '');
    return {
      id: `${framework.prefix}-${token}`,
      framework,
      number,
      asks,
      pages,
      actions: actions === EVERY_STEP ? [] : actions,
      everyStep: actions === EVERY_STEP,
      evidence,
      confidence,
      limits,
    };
  });
}

/** `PCI DSS 3.7.1` */
export const shortName = ({ framework, number }: Control): string => `${framework.short} ${number}`;

/** What a reader has to do before citing a control; empty where the requirement itself was read. */
export function toCheck({ confidence, framework }: Control): string {
  if (confidence === 'H') return '';
  const text = framework.text === 'licensed' ? 'your licensed copy' : 'the publication';
  return `${confidence === 'L' ? 'From memory. ' : ''}Check against ${text}.`;
}
