/** Brand, chapters, search and color mode. The menu of small screens is a popover, which needs no script. */
import Link from '@docusaurus/Link';
import { useLocation } from '@docusaurus/router';
import useBaseUrl from '@docusaurus/useBaseUrl';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import { hasOwnPages } from '../procedure/rules/own-pages';
import { chaptersOf } from '../site/chapters';
import type { SiteData } from '../site/plugin';
import Mark from './Mark';

export default function Header(): ReactNode {
  const { procedures } = usePluginData('runbook') as SiteData;
  const { pathname } = useLocation();
  const base = useBaseUrl('/');
  const here = pathname.slice(base.length).split('/')[0];
  return (
    <header className="bar">
      <Link className="brand" to="/">
        <Mark />
        <span>MasterKey Runbook</span>
      </Link>
      <nav className="chapters" aria-label="Chapters">
        {chaptersOf(hasOwnPages(procedures.map(({ file }) => file))).map(({ folder, label }) => (
          <Link
            key={folder}
            to={`/${folder}/`}
            className={folder === 'emergency' ? 'chapter chapter-emergency' : 'chapter'}
            aria-current={here === folder ? 'true' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="tools">
        <button type="button" className="tool tool-search needs-js" data-search="">
          <span>Search</span> <kbd>/</kbd>
        </button>
        <button
          type="button"
          className="tool tool-mode needs-js"
          data-mode=""
          aria-label="Switch between light and dark"
        >
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
            <path d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" fill="currentColor" />
          </svg>
        </button>
        <button type="button" className="tool tool-menu" popoverTarget="menu">
          Menu
        </button>
      </div>
    </header>
  );
}
