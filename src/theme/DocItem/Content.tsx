/** The text under its title, with the page's contract: kind, owner, review, approvals, and the plan of a procedure. */
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import { usePluginData } from '@docusaurus/useGlobalData';
import MDXContent from '@theme/MDXContent';
import type { ReactNode } from 'react';
import Checklist from '../../components/Checklist';
import { SheetHead, SheetPeople } from '../../components/SheetRecord';
import { roleTitle } from '../../components/Step/titles';
import { plannedMinutes } from '../../procedure/run/planned';
import { duration } from '../../procedure/run/run';
import { stepTitle } from '../../procedure/steps/title';
import type { ProcedureSummary, SiteData } from '../../site/plugin';
import Position from '../Position';
import Resume from '../Resume';

interface Contract {
  readonly kind?: string;
  readonly owner?: string;
  readonly reviewed?: string | Date;
}

const kinds: Readonly<Record<string, string>> = {
  tutorial: 'Tutorial',
  'how-to': 'Procedure',
  reference: 'Reference',
  explanation: 'Explanation',
  form: 'Form',
};

/** YAML reads a bare date as a point in time; people read the day. */
function day(value: string | Date): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : value.slice(0, 10);
}

/** The page as compiled. */
function useSummary(): ProcedureSummary | undefined {
  const { metadata } = useDoc();
  const { procedures } = usePluginData('runbook') as SiteData;
  const file = metadata.source.replace(/^@site\//, '');
  return procedures.find((procedure) => procedure.file === file);
}

function rolesOf({ steps }: Pick<ProcedureSummary, 'steps'>): string[] {
  return [...new Set(steps.flatMap((step) => [step.by, step.witness]))];
}

function Plan({ steps }: Pick<ProcedureSummary, 'steps'>): ReactNode {
  const { together, apart } = plannedMinutes(
    steps.map((step) => ({ minutes: step.minutes, workstation: step.apart ? step.shard : undefined })),
  );
  const upTo = steps.some((step) => step.shard !== undefined) ? 'up to ' : '';
  const final = steps.filter((step) => step.reversal === 'irreversible');
  return (
    <dl className="plan">
      <div>
        <dt>Steps</dt>
        <dd data-plan="steps">{steps.length}</dd>
      </div>
      <div>
        <dt>{together === apart ? 'Planned time' : 'Planned, in one building'}</dt>
        <dd data-plan="time">
          {upTo}
          {duration(together)}
        </dd>
      </div>
      {together === apart ? null : (
        <div>
          <dt>Planned, custodians apart</dt>
          <dd data-plan="apart">
            {upTo}
            {duration(apart)}
          </dd>
        </div>
      )}
      <div>
        <dt>Points of no return</dt>
        <dd>
          {final.length === 0
            ? 'none'
            : final.map((step) => (
                <a key={step.id} href={`#${step.id}`}>
                  {step.id}
                </a>
              ))}
        </dd>
      </div>
      <div className="plan-roles">
        <dt>Roles</dt>
        <dd>{rolesOf({ steps }).map(roleTitle).join(', ')}</dd>
      </div>
    </dl>
  );
}

/** The first thing to do, before everything that there is to know. src/client/run-place.ts goes on from step to step. */
function Next({ step }: { readonly step: ProcedureSummary['steps'][number] }): ReactNode {
  return (
    <p className="next" data-next="">
      <strong>First step:</strong> <a href={`#${step.id}`}>{step.id}</a>{' '}
      <span>{`${roleTitle(step.by)}: ${stepTitle(step.text)}`}</span>
    </p>
  );
}

export default function DocItemContent({ children }: { readonly children: ReactNode }): ReactNode {
  const { metadata, frontMatter } = useDoc();
  const { kind, owner, reviewed } = frontMatter as Contract;
  const summary = useSummary();
  const { deployment } = usePluginData('runbook') as SiteData;
  const isProcedure = summary !== undefined && summary.steps.length > 0;
  const isContracted = owner !== undefined && reviewed !== undefined;
  return (
    <div className="prose">
      <header className="page-head">
        <h1>{metadata.title}</h1>
        {isContracted ? (
          <p className="contract">
            <span>{kinds[kind ?? ''] ?? kind}</span>
            <span>Owner: {roleTitle(owner)}</span>
            <span>
              Reviewed <time dateTime={day(reviewed)}>{day(reviewed)}</time>
            </span>
            {summary === undefined ? null : (
              <>
                <span>{summary.approval}</span>
                {summary.since === undefined ? null : (
                  <span>
                    In this form since <time dateTime={summary.since}>{summary.since}</time>
                  </span>
                )}
                <span>
                  Page digest <code className="page-digest">{summary.digest}</code>
                </span>
              </>
            )}
          </p>
        ) : null}
        {isProcedure ? (
          <>
            <Plan steps={summary.steps} />
            {summary.steps[0] === undefined ? null : <Next step={summary.steps[0]} />}
            <SheetHead page={summary.file} />
            <Checklist
              page={summary.file}
              digest={summary.digest}
              threshold={deployment.key.threshold}
              target={summary.rto}
            />
          </>
        ) : null}
      </header>
      {metadata.source === '@site/docs/emergency/index.mdx' ? <Resume /> : null}
      <Position />
      <MDXContent>{children}</MDXContent>
      {isProcedure ? <SheetPeople roles={rolesOf(summary)} /> : null}
    </div>
  );
}
