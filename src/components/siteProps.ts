/** Props of the components from the deployment and the compiled procedures; a page that is gone fails the build by name. */

import { type Deployment, personName } from '../deployment/deployment';
import { holders } from '../deployment/holders';
import { reachOfRole } from '../deployment/reach';
import { incompatiblePairs, roleIds, roles } from '../deployment/roles';
import type { KeyState } from '../quorum/state';
import type { PageLink, StatePages } from './KeyState/states';
import type { RoleMatrixProps } from './RoleMatrix';
import { roleTitle } from './Step/titles';

/** A page of the site, as the plugin of the site describes it. */
export interface SitePage extends PageLink {
  /** Path from the project's root. */
  readonly file: string;
}

/** The page that works on each state. */
const pageOfState: Readonly<Record<KeyState, string>> = {
  'BLACK-C': 'docs/emergency/key-exposed.mdx',
  'AMBER-C': 'docs/emergency/shard-exposed.mdx',
  'BLACK-A2': 'docs/emergency/key-lost.mdx',
  'BLACK-A1': 'docs/emergency/key-only-in-memory.mdx',
  'RED-A': 'docs/emergency/no-spare-shard.mdx',
  'AMBER-A': 'docs/lifecycle/operations.mdx',
  GREEN: 'docs/lifecycle/calendar.mdx',
};

/** The page with this path. Throws RangeError with the list of known ones. */
export function pageOf(file: string, pages: readonly SitePage[]): PageLink {
  const page = pages.find((known) => known.file === file);
  if (!page) {
    throw new RangeError(`no page ${file}; known: ${pages.map((known) => known.file).join(', ')}`);
  }
  return { title: page.title, href: page.href };
}

/** Where each state is worked on. */
export function statePages(pages: readonly SitePage[]): StatePages {
  return Object.fromEntries(
    Object.entries(pageOfState).map(([state, file]) => [state, pageOf(file, pages)]),
  ) as StatePages;
}

/** Roles, forbidden pairs and the people of the deployment, custodians and administrators included. */
export function roleMatrixProps(deployment: Deployment): RoleMatrixProps {
  const held = holders(deployment);
  return {
    roles: roleIds.map((id) => ({
      id,
      title: roleTitle(id),
      duty: roles[id],
      ...reachOfRole(deployment, id),
    })),
    pairs: incompatiblePairs,
    deployed: Object.fromEntries(
      roleIds.map((id) => [
        id,
        [...(held.get(id)?.keys() ?? [])].map((person) => personName(deployment, person)).join(', '),
      ]),
    ),
  };
}
