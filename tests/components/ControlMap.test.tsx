/** The control map on the site: every link of the tables leads somewhere, and the filter hides rows, not data. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { toCheck } from '../../src/audit/controls/control';
import { CONTROLS, FRAMEWORKS } from '../../src/audit/controls/map';
import { watchFilter } from '../../src/client/filter';
import ControlMap, { CONTROL_TABLE } from '../../src/components/ControlMap';
import { ControlsByEvidence, ControlsByRecord } from '../../src/components/ControlMap/Back';
import ControlFilter from '../../src/components/ControlMap/Filter';

afterEach(cleanup);

const steps = [
  { id: 'UNS-S1-04', page: '/emergency/unseal/', log: ['shard.unwrapped'] },
  { id: 'CER-01', page: '/ceremony/script/', log: ['ceremony.opened'] },
] as const;
const page = (path: string) => ({ href: `/${path}/`, title: path });
const props = { steps, page, titleAt: (href: string) => `Page ${href}` };

function show() {
  render(
    <>
      <ControlFilter
        table={CONTROL_TABLE}
        frameworks={FRAMEWORKS.map(({ name }) => name)}
        controls={CONTROLS.length}
      />
      <ControlMap {...props} />
      <ControlsByEvidence {...props} />
      <ControlsByRecord {...props} />
    </>,
  );
  watchFilter();
  return [...document.querySelectorAll<HTMLTableRowElement>(`#${CONTROL_TABLE} tr[data-framework]`)];
}

describe('control map', () => {
  it('has a row for each control, with its steps', () => {
    expect(show()).toHaveLength(CONTROLS.length);
    expect(document.querySelector('[data-filter-count]')?.textContent).toBe(`${CONTROLS.length} controls`);
    const row = document.getElementById('pci-dss-3.7.6');
    expect(row?.textContent).toContain('UNS-S1-04');
    expect(row?.textContent).not.toContain('CER-01');
    expect(row?.querySelector('a[href="/emergency/unseal/#UNS-S1-04"]')).toBeTruthy();
  });

  it('has no link within the page that leads nowhere, and no id twice', () => {
    show();
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
    for (const link of document.querySelectorAll('a[href^="#"]'))
      expect(ids).toContain(link.getAttribute('href')?.slice(1));
  });

  it('says which mappings need a look at the licensed text', () => {
    show();
    for (const control of CONTROLS) {
      const text = document.getElementById(control.id)?.textContent ?? '';
      expect(text.includes(`Confidence ${control.confidence}. ${toCheck(control)}`), control.id).toBe(true);
    }
  });

  it('narrows by framework and by word', () => {
    const rows = show();
    const visible = () => rows.filter((row) => !row.hidden).map((row) => row.id);
    expect(visible()).toHaveLength(CONTROLS.length);
    fireEvent.change(screen.getByLabelText('Framework'), { target: { value: 'PCI DSS v4.0.1' } });
    expect(visible().every((id) => id.startsWith('pci-dss-'))).toBe(true);
    fireEvent.input(screen.getByLabelText(/^Word/), { target: { value: ' 3.7.6 ' } });
    expect(visible()).toEqual(['pci-dss-3.7.6']);
    expect(screen.getByText('1 control')).toBeTruthy();
  });

  it('hides the name of a framework without rows, and opens the fold that holds the word', () => {
    const rows = show();
    fireEvent.input(screen.getByLabelText(/^Word/), { target: { value: 'uns-s1-04' } });
    const visible = rows.filter((row) => !row.hidden);
    expect(visible.map(({ id }) => id)).toContain('pci-dss-3.7.6');
    expect(visible.every((row) => row.querySelector('details')?.open)).toBe(true);
    const heads = [...document.querySelectorAll<HTMLTableRowElement>('tr[data-group]')];
    for (const head of heads)
      expect(head.hidden).toBe(!visible.some((row) => row.dataset.framework === head.dataset.group));
    fireEvent.input(screen.getByLabelText(/^Word/), { target: { value: '' } });
    expect(rows.some((row) => row.hidden || row.querySelector('details')?.open)).toBe(false);
  });

  it('leads back from each record and artifact to its controls', () => {
    show();
    for (const control of CONTROLS) {
      for (const action of control.actions)
        expect(
          document.getElementById(`record-${action}`)?.querySelector(`a[href="#${control.id}"]`),
        ).toBeTruthy();
      for (const id of control.evidence)
        expect(
          document.getElementById(`evidence-${id}`)?.querySelector(`a[href="#${control.id}"]`),
        ).toBeTruthy();
    }
  });
});
