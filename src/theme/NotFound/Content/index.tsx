/** What to do on an address that does not exist: the doors again, emergency first. */
import Link from '@docusaurus/Link';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import { hasOwnPages } from '../../../procedure/rules/own-pages';
import { chaptersOf } from '../../../site/chapters';
import type { SiteData } from '../../../site/plugin';

export default function NotFoundContent(): ReactNode {
  const { procedures } = usePluginData('runbook') as SiteData;
  return (
    <main className="page page-lost prose">
      <h1>There is no such page</h1>
      <p>The address is wrong, or the page has moved.</p>
      <Link className="door door-emergency" to="/emergency/">
        <strong>Something is down</strong>
        <span>Every emergency procedure is one click from here.</span>
      </Link>
      <p className="needs-js">
        <button type="button" className="tool" data-search="">
          Search
        </button>{' '}
        for a step id such as UNS-04, a provider, or the words of an error message.
      </p>
      <p>Or go to a chapter:</p>
      <ul>
        {chaptersOf(hasOwnPages(procedures.map(({ file }) => file)))
          .filter(({ folder }) => folder !== 'emergency')
          .map(({ folder, label }) => (
            <li key={folder}>
              <Link to={`/${folder}/`}>{label}</Link>
            </li>
          ))}
      </ul>
    </main>
  );
}
