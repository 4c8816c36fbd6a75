/** The control map as tables: control → pages, steps, evidence. Complete without scripts; the way back stands in Back.tsx. */
import { Fragment, type ReactNode } from 'react';
import { type Control, toCheck } from '../../audit/controls/control';
import {
  byPage,
  CONTROLS,
  ELSEWHERE,
  FRAMEWORKS,
  type LoggedStep,
  mapControls,
} from '../../audit/controls/map';
import { EVIDENCE } from '../../audit/evidence';
import MapTable from './MapTable';
import styles from './styles.module.css';

export interface PageLink {
  readonly href: string;
  readonly title: string;
}

export interface ControlMapProps {
  /** Every step of the compiled procedures; `page` is its address on the site. */
  readonly steps: readonly LoggedStep[];
  /** Address and title of a page by its path under docs/ without extension. */
  readonly page: (path: string) => PageLink;
  /** Title of a page by its address. */
  readonly titleAt: (href: string) => string;
}

/** Id of the table that the filter narrows. */
export const CONTROL_TABLE = 'control-table';

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Steps of a control by page: folded on the screen, for there are hundreds, and open on paper. */
function Steps({
  control,
  steps,
  titleAt,
}: Pick<ControlMapProps, 'steps' | 'titleAt'> & { readonly control: Control }): ReactNode {
  if (control.everyStep) return 'Every step: each leaves such a record.';
  if (steps.length === 0)
    return control.limits.startsWith(ELSEWHERE) ? `${ELSEWHERE}.` : 'None in this deployment.';
  const pages = byPage(steps);
  return (
    <details className={styles.fold} data-derived="">
      <summary>
        {counted(steps.length, 'step')} on {counted(pages.size, 'page')}
      </summary>
      {[...pages].map(([href, own]) => (
        <p key={href}>
          {titleAt(href)}:{' '}
          {own.map(({ id }) => (
            <Fragment key={id}>
              <a href={`${href}#${id}`}>{id}</a>{' '}
            </Fragment>
          ))}
        </p>
      ))}
    </details>
  );
}

function Row({ control, steps, page, titleAt }: ControlMapProps & { readonly control: Control }): ReactNode {
  return (
    <tr id={control.id} data-framework={control.framework.name}>
      <th scope="row">
        {/* Read and searched with its framework, which stands above the rows. */}
        <span className={styles.framework}>{control.framework.short} </span>
        {control.number}
      </th>
      <td>
        {control.asks} {control.limits === '' ? null : <strong>{control.limits} </strong>}
        <span className={styles.check}>
          Confidence {control.confidence}. {toCheck(control)}
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
        <Steps control={control} steps={steps} titleAt={titleAt} />
      </td>
      <td>
        {control.evidence.map((id) => (
          <p key={id}>
            <a href={`#evidence-${id}`}>{EVIDENCE[id].title}</a>
          </p>
        ))}
      </td>
    </tr>
  );
}

export default function ControlMap(props: ControlMapProps): ReactNode {
  const map = mapControls(props.steps);
  return (
    <MapTable
      id={CONTROL_TABLE}
      caption="Controls, where the runbook answers, and what proves it"
      heads={['Control', 'Asks, in our words', 'Pages', 'Steps', 'Evidence']}
    >
      {FRAMEWORKS.map((framework) => (
        <tbody key={framework.name}>
          <tr data-group={framework.name}>
            <th scope="rowgroup" colSpan={5}>
              {framework.name}
            </th>
          </tr>
          {CONTROLS.filter((control) => control.framework === framework).map((control) => (
            <Row key={control.id} {...props} control={control} steps={map.steps.get(control.id) ?? []} />
          ))}
        </tbody>
      ))}
    </MapTable>
  );
}
