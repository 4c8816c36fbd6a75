/** The way back of the control map: from a record that a step leaves, and from an artifact, to the controls that they serve. */
import { Fragment, type ReactNode } from 'react';
import { ACTION_GROUPS, type AuditAction } from '../../audit/actions';
import { type Control, shortName } from '../../audit/controls/control';
import { mapControls } from '../../audit/controls/map';
import { EVIDENCE, type EvidenceId } from '../../audit/evidence';
import type { ControlMapProps } from './index';
import MapTable from './MapTable';

function Links({ controls }: { readonly controls: readonly Control[] }): ReactNode {
  return controls.map((control, place) => (
    <Fragment key={control.id}>
      {place === 0 ? '' : ', '}
      <a href={`#${control.id}`}>{shortName(control)}</a>
    </Fragment>
  ));
}

/** Every action is asked for by a control, or a test fails; the steps of each name it at their foot. */
export function ControlsByRecord({ steps }: Pick<ControlMapProps, 'steps'>): ReactNode {
  const { asked } = mapControls(steps);
  const logged = new Map<AuditAction, number>();
  for (const { log } of steps) for (const action of log) logged.set(action, (logged.get(action) ?? 0) + 1);
  return (
    <MapTable
      caption="Records that steps leave, and the controls that ask for them"
      heads={['Record', 'Steps', 'Controls']}
    >
      {ACTION_GROUPS.map(({ title, actions }) => (
        <tbody key={title}>
          <tr>
            <th scope="rowgroup" colSpan={3}>
              {title}
            </th>
          </tr>
          {(Object.keys(actions) as AuditAction[]).map((action) => (
            <tr key={action} id={`record-${action}`}>
              <th scope="row">
                <code>{action}</code>
              </th>
              <td>{logged.get(action) ?? 'none on a page'}</td>
              <td data-derived="">
                <Links controls={asked.get(action) ?? []} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </MapTable>
  );
}

export function ControlsByEvidence({ steps, page }: ControlMapProps): ReactNode {
  const { proves } = mapControls(steps);
  return (
    <MapTable
      caption="Artifacts, where they are, and what they prove"
      heads={['Artifact', 'Where to find it', 'Proves']}
    >
      <tbody>
        {(Object.keys(EVIDENCE) as EvidenceId[]).map((id) => (
          <tr key={id} id={`evidence-${id}`}>
            <th scope="row">{EVIDENCE[id].title}</th>
            <td>
              {EVIDENCE[id].where} <a href={page(EVIDENCE[id].page).href}>{page(EVIDENCE[id].page).title}</a>
            </td>
            <td data-derived="">
              <Links controls={proves.get(id) ?? []} />
            </td>
          </tr>
        ))}
      </tbody>
    </MapTable>
  );
}
