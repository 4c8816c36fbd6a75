/** The control map on the site: every link of the tables leads somewhere, and the filter hides rows, not data. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { CONTROLS } from '../../src/audit/controls/map';
import { watchFilter } from '../../src/client/filter';
import ControlMap, { CONTROL_TABLE } from '../../src/components/ControlMap';
import ControlFilter from '../../src/components/ControlMap/Filter';

afterEach(cleanup);

const steps = [
  { id: 'UNS-S1-04', page: '/emergency/unseal/', log: ['shard.unwrapped'] },
  { id: 'CER-01', page: '/ceremony/script/', log: ['ceremony.opened'] },
] as const;
const page = (path: string) => ({ href: `/${path}/`, title: path });
const frameworks = [...new Set(CONTROLS.map((control) => control.framework))];

function show() {
  render(
    <>
      <ControlFilter table={CONTROL_TABLE} frameworks={frameworks} />
      <ControlMap steps={steps} page={page} />
    </>,
  );
  watchFilter();
  return [...document.querySelectorAll<HTMLTableRowElement>(`#${CONTROL_TABLE} tbody tr`)];
}

describe('control map', () => {
  it('has a row for each control, with its steps', () => {
    expect(show()).toHaveLength(CONTROLS.length);
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
      expect(text.includes('licensed copy'), control.id).toBe(control.confidence !== 'H');
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
});
