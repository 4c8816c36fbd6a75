/** What to do on an address that does not exist: the doors again, emergency first. */
import Link from '@docusaurus/Link';
import type { ReactNode } from 'react';
import { chapters } from '../../../site/chapters';

export default function NotFoundContent(): ReactNode {
  return (
    <main className="page page-lost prose">
      <h1>There is no such page</h1>
      <p>
        The address is wrong, or the page has moved. If something is down, go to{' '}
        <Link to="/emergency/">Emergency</Link>: every procedure is one click from there.
      </p>
      <ul>
        {chapters.map(({ folder, label }) => (
          <li key={folder}>
            <Link to={`/${folder}/`}>{label}</Link>
          </li>
        ))}
      </ul>
      <p>Step ids such as UNS-04 can be typed into the search.</p>
    </main>
  );
}
