/** Every component with deployments of several sizes: the same on server and client, right counts, no throw. */
import { cleanup, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import DeploymentSummary from '../../src/components/DeploymentSummary';
import FewestPeople from '../../src/components/FewestPeople';
import IndependenceReport from '../../src/components/IndependenceReport';
import QuorumCalculator from '../../src/components/QuorumCalculator';
import { presetScenario, results } from '../../src/components/QuorumCalculator/scenario';
import RecoveryMatrix from '../../src/components/RecoveryMatrix';
import { printedRows } from '../../src/components/RecoveryMatrix/domains';
import PrintedMatrix from '../../src/components/RecoveryMatrix/PrintedMatrix';
import RoleMatrix from '../../src/components/RoleMatrix';
import { roleMatrixProps } from '../../src/components/siteProps';
import Triage from '../../src/components/Triage';
import { availability, poissonBinomial, tails } from '../../src/quorum/distribution';
import { deployments } from './deployment';

beforeEach(() => {
  window.history.replaceState(null, '', '/');
});
afterEach(cleanup);

describe.each(deployments)('%s', (_, { deployment, input }) => {
  const m = input.threshold;
  const n = input.shards.length;
  const components = {
    QuorumCalculator: <QuorumCalculator preset={input} mathematics="/m/" />,
    RecoveryMatrix: <RecoveryMatrix input={input} unseal="/u/" pages={{}} />,
    PrintedMatrix: <PrintedMatrix input={input} unseal="/u/" />,
    IndependenceReport: <IndependenceReport input={input} />,
    Triage: (
      <Triage
        threshold={m}
        shards={n}
        pages={{}}
        unseal={{ title: 'Unseal', href: '/u/' }}
        matrix={{ title: 'M', href: '/m/' }}
      />
    ),
    RoleMatrix: <RoleMatrix {...roleMatrixProps(deployment)} />,
    DeploymentSummary: <DeploymentSummary deployment={deployment} input={input} />,
    FewestPeople: <FewestPeople deployment={deployment} sizes />,
  };

  test.each(Object.entries(components))('%s is the same on the server and at first', (_name, component) => {
    const holder = document.createElement('div');
    holder.innerHTML = renderToString(component);
    document.body.append(holder);
    const problems: unknown[] = [];
    render(component, {
      container: holder,
      hydrate: true,
      onRecoverableError: (error: unknown) => problems.push(error),
    });
    expect(problems).toEqual([]);
    expect(holder.querySelectorAll('table').length).toBeGreaterThan(0);
    holder.remove();
  });

  test('shows its own M and N', () => {
    render(components.DeploymentSummary);
    expect(screen.getByText(`${m} of ${n}`)).toBeTruthy();
    cleanup();
    render(components.QuorumCalculator);
    expect(document.querySelector('[data-figure="toleratedLosses"]')?.textContent).toBe(String(n - m));
    expect(document.querySelector('[data-figure="toleratedThefts"]')?.textContent).toBe(String(m - 1));
  });

  test('passes the rules that the build demands: no single domain decides', () => {
    render(components.IndependenceReport);
    expect(screen.queryByText('one is enough: not independent')).toBeNull();
    for (const row of printedRows(input).filter(({ down }) => down.length === 1)) {
      expect(row.paths).not.toHaveLength(0);
    }
  });

  test('shared domains never make the set safer than its shards alone', () => {
    const scenario = presetScenario(input);
    const alone = results({ ...scenario, domains: [] });
    const shared = results(scenario);
    for (const [i, risk] of shared.risks.entries()) {
      expect(risk.loss).toBeGreaterThanOrEqual(alone.risks[i]?.loss as number);
      expect(risk.compromise).toBeGreaterThanOrEqual(alone.risks[i]?.compromise as number);
    }
    const equal = tails(poissonBinomial(new Array(n).fill({ hit: 0.01, miss: 0.99 })));
    expect(alone.chosen.availability).toBe(availability(m, equal));
  });
});

test('FewestPeople shows what the rules allow', () => {
  const example = deployments.find(([name]) => name === 'example')?.[1].deployment;
  if (!example) throw new Error('there is no example');
  render(<FewestPeople deployment={example} sizes />);
  const row = (head: string) =>
    [...(screen.getByRole('rowheader', { name: head }).parentElement?.querySelectorAll('td') ?? [])].map(
      ({ textContent }) => textContent,
    );
  expect(row('2 of 3')).toEqual(['9', '10', '10']);
  expect(row('3 of 5')).toEqual(['8', '8', '9']);
  expect(screen.getByText(/needs 9 people in all; deployment\.yaml names 25\./)).toBeTruthy();
  const people = screen.getByRole('table', { name: /Who may be one person/ });
  expect(people.querySelectorAll('tbody tr')).toHaveLength(9);
  expect(people.textContent).toMatch(/Custodian of \d.*Alternate of \d/);
});
