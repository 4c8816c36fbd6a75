/** The control map as tables: control → pages, steps, evidence, and back from evidence and from steps. Complete without scripts. */
import type { ReactNode } from 'react';
import { CONTROLS, type LoggedStep, mapControls } from '../../audit/controls/map';
import { EVIDENCE, type EvidenceId } from '../../audit/evidence';
import styles from './styles.module.css';

export interface ControlMapProps {
  /** Every step of the compiled procedures; `page` is its address on the site. */
  readonly steps: readonly LoggedStep[];
  /** Address and title of a page by its path under docs/ without extension. */
  readonly page: (path: string) => { readonly href: string; readonly title: string };
}

/** Id of the table that the filter narrows. */
export const CONTROL_TABLE = 'control-table';

const checked = {
  H: '',
  M: ' Check against your licensed copy.',
  L: ' From memory. Check against your licensed copy.',
};

function Steps({ steps }: { readonly steps: readonly LoggedStep[] }): ReactNode {
  if (steps.length === 0) return 'No step: policy and records only.';
  return (
    <ul className={styles.steps}>
      {steps.map((step) => (
        <li key={step.id}>
          <a href={`${step.page}#${step.id}`}>{step.id}</a>
        </li>
      ))}
    </ul>
  );
}

function ByControl({ steps, page }: ControlMapProps): ReactNode {
  const map = mapControls(steps);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would become a landmark of every page.
    <div
      className="table-scroll"
      role="group"
      aria-label="Controls, where the runbook answers, and what proves it"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      <table id={CONTROL_TABLE} className={styles.map}>
        <caption>Controls, where the runbook answers, and what proves it</caption>
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Asks, in our words</th>
            <th scope="col">Pages</th>
            <th scope="col">Steps</th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        <tbody>
          {CONTROLS.map((control) => (
            <tr key={control.id} id={control.id} data-framework={control.framework}>
              <th scope="row">
                {control.framework} {control.number}
              </th>
              <td>
                {control.asks}{' '}
                <span className={styles.check}>
                  Confidence {control.confidence}.{checked[control.confidence]}
                </span>
              </td>
              <td>
                {control.pages.map((path) => (
                  <p key={path}>
                    <a href={page(path).href}>{page(path).title}</a>
                  </p>
                ))}
              </td>
              <td>
                <Steps steps={map.steps.get(control.id) ?? []} />
              </td>
              <td>
                {control.evidence.map((id) => (
                  <p key={id}>
                    <a href={`#evidence-${id}`}>{EVIDENCE[id].title}</a>
                  </p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ByEvidence({ steps, page }: ControlMapProps): ReactNode {
  const map = mapControls(steps);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would become a landmark of every page.
    <div
      className="table-scroll"
      role="group"
      aria-label="Artifacts, where they are, and what they prove"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      <table className={styles.map}>
        <caption>Artifacts, where they are, and what they prove</caption>
        <thead>
          <tr>
            <th scope="col">Artifact</th>
            <th scope="col">Where to find it</th>
            <th scope="col">Proves</th>
          </tr>
        </thead>
        <tbody>
          {(Object.keys(EVIDENCE) as EvidenceId[]).map((id) => (
            <tr key={id} id={`evidence-${id}`}>
              <th scope="row">{EVIDENCE[id].title}</th>
              <td>
                {EVIDENCE[id].where}{' '}
                <a href={page(EVIDENCE[id].page).href}>{page(EVIDENCE[id].page).title}</a>
              </td>
              <td>
                <Links controls={map.proves.get(id) ?? []} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Links({ controls }: { readonly controls: readonly (typeof CONTROLS)[number][] }): ReactNode {
  return controls.map((control) => (
    <p key={control.id}>
      <a href={`#${control.id}`}>{`${control.framework} ${control.number}`}</a>
    </p>
  ));
}

export default function ControlMap(props: ControlMapProps): ReactNode {
  return (
    <>
      <ByControl {...props} />
      <ByEvidence {...props} />
    </>
  );
}
