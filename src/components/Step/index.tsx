/** One step of a procedure: who acts, who watches, what to do and see, what is logged, and how it is undone. */
import type { ReactNode } from 'react';
import { isAuditAction } from '../../audit/actions';
import { referencesOf, writtenText } from '../../audit/forms/written';
import { runLimits } from '../../procedure/run/run';
import { facts } from '../../procedure/vocabulary/facts';
import { type PlaceKind, placeKinds, placeLabel } from '../../procedure/vocabulary/places';
import { roleTitle } from './titles';

/** The attributes of `<Step>` as written in a page; the compiler has checked them. */
export interface StepProps {
  readonly id: string;
  readonly by: string;
  readonly witness: string;
  readonly log: string;
  /** Fields of forms: `ceremony-log:values.set`. */
  readonly records?: string;
  readonly act?: string;
  readonly minutes: string;
  readonly undo?: string;
  readonly compensate?: string;
  readonly irreversible?: string;
  readonly gate?: string;
  /** Only done when this shard belongs to the chosen quorum. */
  readonly shard?: string;
  /** Only done when this shard is the lost one. */
  readonly lost?: string;
  /** Where it happens, as the compiler has found it. */
  readonly where?: PlaceKind | undefined;
  /** Done at the workstation of the custodian of its shard, beside the work of others. */
  readonly apart?: boolean | undefined;
  /** Files that it carries to another place, or from there. */
  readonly crosses?: string;
  readonly from?: string;
  readonly to?: string;
  /** What is done, in one line. */
  readonly title?: string | undefined;
  /** Place in the procedure, 1-based. */
  readonly position?: number | undefined;
  readonly total?: number | undefined;
  /** When the latest drill executed its command, in how many scenarios, and the median of its times. */
  readonly drilled?:
    | { readonly date: string; readonly scenarios: number; readonly milliseconds: number }
    | undefined;
  readonly children?: ReactNode;
}

function gateText(gate: string | undefined): string {
  return gate === undefined ? '' : ((facts as Readonly<Record<string, string>>)[gate] ?? gate);
}

function Reversal({ undo, compensate, irreversible, gate }: StepProps): ReactNode {
  if (undo !== undefined) {
    return (
      <div>
        <dt>Undo</dt>
        <dd>{undo}</dd>
      </div>
    );
  }
  if (compensate !== undefined) {
    return (
      <div>
        <dt>Compensate</dt>
        <dd>{compensate}</dd>
      </div>
    );
  }
  return (
    <div className="step-final">
      <dt>Cannot be undone</dt>
      <dd>
        {irreversible} <strong>Only if:</strong> {gateText(gate)}
      </dd>
    </div>
  );
}

const words = (text = ''): string[] => text.split(/\s+/).filter(Boolean);

/** What is written in it, and on which form. */
function Written({ log, records, act }: Pick<StepProps, 'log' | 'records' | 'act'>): ReactNode {
  const references = referencesOf({
    log: words(log).filter(isAuditAction),
    records: words(records),
    isAct: act !== undefined,
  });
  if (references.length === 0) return null;
  return (
    <div data-derived="">
      <dt>Write</dt>
      <dd>{writtenText(references).join('; ')}</dd>
    </div>
  );
}

/** What leaves its place, and which way. */
function Carried({ crosses, from, to }: Pick<StepProps, 'crosses' | 'from' | 'to'>): ReactNode {
  const other = placeKinds.find((kind) => kind === (from ?? to));
  if (crosses === undefined || other === undefined) return null;
  return (
    <div>
      <dt>Carry</dt>
      <dd>
        <code>{crosses}</code> {from === undefined ? 'to' : 'from'} the {placeLabel(other)}
      </dd>
    </div>
  );
}

/** Only after a drill of exactly this text. */
function Drilled({ drilled }: Pick<StepProps, 'drilled'>): ReactNode {
  if (drilled === undefined) return null;
  const { date, scenarios, milliseconds } = drilled;
  return (
    <div className="step-drilled">
      <dt>Executed</dt>
      <dd>
        in the drill of {date} in {scenarios} {scenarios === 1 ? 'scenario' : 'scenarios'},{' '}
        {milliseconds < 50 ? 'under 0.1' : (milliseconds / 1000).toFixed(1)} s
      </dd>
    </div>
  );
}

/** Boxes and a line for pen and ink; only paper shows them. The script copies an open run into them. */
function PaperRecord(): ReactNode {
  return (
    <>
      <div className="step-paper" aria-hidden="true">
        <span className="step-box" />
        <span>
          Done by <i className="blank" data-paper="by" />
        </span>
        <span>
          Witness <i className="blank" data-paper="witness" />
        </span>
        <span>
          Time (UTC) <i className="blank" data-paper="time" />
        </span>
      </div>
      <p className="step-paper-note" aria-hidden="true">
        Note <i data-paper="note" />
      </p>
    </>
  );
}

/** The box stands where the step ends, on the screen as on paper: whoever has read and done it has it under the thumb. */
function Tick({ id }: Pick<StepProps, 'id'>): ReactNode {
  return (
    <label className="step-tick">
      <input type="checkbox" data-step={id} aria-label={`Step ${id} is done`} />
      <span aria-hidden="true">Done</span>
      <span className="step-time" />
    </label>
  );
}

/** Fields of a run; only a script can keep them. */
function RunRecord({ id }: { readonly id: string }): ReactNode {
  return (
    <div className="step-record needs-js">
      <label>
        Done by{' '}
        <input
          data-record="by"
          aria-label={`Done by, initials, step ${id}`}
          maxLength={runLimits.initials}
          size={4}
          autoComplete="off"
          autoCapitalize="characters"
        />
      </label>
      <label>
        Witness{' '}
        <input
          data-record="witness"
          aria-label={`Witness, initials, step ${id}`}
          maxLength={runLimits.initials}
          size={4}
          autoComplete="off"
          autoCapitalize="characters"
        />
      </label>
      <label className="step-note">
        Note{' '}
        <input
          data-record="note"
          aria-label={`Note or deviation, step ${id}`}
          maxLength={runLimits.note}
          autoComplete="off"
        />
      </label>
      <button type="button" className="step-skip" data-skip="" aria-label={`Skip step ${id}`}>
        Skip
      </button>
    </div>
  );
}

/** Renders a step. Its id is the anchor that logs, sheets and other pages point at. */
export default function Step(props: StepProps): ReactNode {
  const {
    id,
    by,
    witness,
    log,
    minutes,
    shard,
    lost,
    title,
    position,
    total,
    where,
    apart,
    irreversible,
    children,
  } = props;
  const isFinal = irreversible !== undefined;
  return (
    <section
      className={isFinal ? 'step step-irreversible' : 'step'}
      id={id}
      aria-labelledby={`${id}-id`}
      data-minutes={minutes}
      data-shard={shard}
      data-lost={lost}
      data-apart={apart ? '' : undefined}
    >
      <header className="step-head">
        {/* The step begins with what the title says, so that only an outline shows it. scripts/ship sets the level. */}
        <h3 className="step-title" id={`${id}-id`}>
          <a className="step-id" href={`#${id}`}>
            {id}
          </a>
          <span className="spoken"> {title}</span>
        </h3>
        <p className="step-who">
          <strong>{roleTitle(by)}</strong>{' '}
          {where === undefined ? null : <span className="step-place">{placeLabel(where)} </span>}
          <span className="step-witness">witness: {roleTitle(witness)}</span>
        </p>
        <p className="step-plan">
          {position !== undefined && total !== undefined ? `${position} of ${total} · ` : ''}
          {minutes} min
        </p>
        {isFinal ? <p className="step-flag">Point of no return</p> : null}
        {shard !== undefined ? <p className="step-only">Only if shard {shard} is in your quorum</p> : null}
        {lost !== undefined ? <p className="step-only">Only if shard {lost} is the lost one</p> : null}
      </header>
      <div className="step-body">{children}</div>
      <footer className="step-foot">
        <dl>
          <Reversal {...props} />
          <div data-derived="">
            <dt>Log</dt>
            <dd>
              {words(log).map((action) => (
                <code key={action}>{action} </code>
              ))}
            </dd>
          </div>
          <Written {...props} />
          <Carried {...props} />
          <Drilled {...props} />
        </dl>
        <div className="step-done-line">
          <Tick id={id} />
          <span data-measure="" />
          <RunRecord id={id} />
        </div>
        <PaperRecord />
      </footer>
    </section>
  );
}
