/**
 * The built pages are about the deployment at the root and no other: nothing is left open, empty or in the wrong number,
 * nothing leads to a page that does not apply, and nothing of the example stands on the pages of a company that has its own.
 */
import { expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { exampleDeployment } from '../example';
import { leftovers, namesOf, readBuild } from './leftovers';
import { BUILD, pages } from './site';

it('has pages to judge, and names to look for', () => {
  expect(pages().length).toBeGreaterThan(50);
  expect(namesOf(loadDeployment(exampleDeployment)).length).toBeGreaterThan(20);
});

it('leaves nothing on the pages that is open, empty, in the wrong number, of another deployment, or leads nowhere', () => {
  expect(leftovers(readBuild(BUILD), loadDeployment('deployment.yaml'))).toEqual([]);
});
