/** The exposure ledger on its page: who counts alone, who needs a second person, and who opens each shard. */
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import ExposureLedger from '../../src/components/ExposureLedger';
import { loadDeployment } from '../../src/deployment/load';
import { exampleDeployment } from '../example';

const cells = (caption: string, head: string) =>
  [
    ...(screen
      .getByRole('table', { name: caption })
      .querySelectorAll(`tbody tr`) as NodeListOf<HTMLTableRowElement>),
  ]
    .find((row) => row.children[0]?.textContent === head)
    ?.querySelectorAll('td');
const texts = (caption: string, head: string) =>
  [...(cells(caption, head) ?? [])].map(({ textContent }) => textContent);

const reached = 'What each person reaches, by all roles together';
const opened = 'Who opens each shard';

test('the ledger says what is counted alone and what needs a second person', () => {
  render(<ExposureLedger deployment={loadDeployment(exampleDeployment)} />);
  expect(texts(reached, 'Ana Example')).toEqual(['shard 1 (custodian)', '1', 'none', 'nowhere']);
  expect(texts(reached, 'Wim Example')).toEqual(['shard 4 (holder of the user PIN)', 'none', '4', 'nowhere']);
  expect(texts(reached, 'Marek Example')).toEqual(['none', 'none', 'none', 'ceremony and recovery']);
  expect(texts(reached, 'administrator of example-workspace')[1]).toBe('2');
  expect(texts(opened, '5 Paper safe-a')).toEqual([
    'Elena Example or Karim Example alone; Tamara Example and Ulf Example together',
  ]);
  expect(screen.queryByText(/^Warning/)).toBeNull();
});

test('it warns of who reaches M with one more person', () => {
  render(<ExposureLedger deployment={loadDeployment('tests/fixtures/deployments/2-of-3.yaml')} />);
  expect(screen.getByText(/^Warning: Tamara Example, Ulf Example can reach 2 shards or more/)).toBeTruthy();
});
