/**
 * All pages by chapter, emergencies by their signs. The chapter that is being read is open; nothing here needs a script.
 */
import Link from '@docusaurus/Link';
import type { PropSidebarItem } from '@docusaurus/plugin-content-docs';
import { isActiveSidebarItem } from '@docusaurus/plugin-content-docs/client';
import { useLocation } from '@docusaurus/router';
import { isSamePath } from '@docusaurus/theme-common/internal';
import useBaseUrl from '@docusaurus/useBaseUrl';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import type { SiteData } from '../site/plugin';
import type { Sign } from '../site/signs';

interface Props {
  readonly items: readonly PropSidebarItem[];
}

function Item({ item, path }: { readonly item: PropSidebarItem; readonly path: string }): ReactNode {
  if (item.type === 'html') return null;
  const isHere = 'href' in item && item.href !== undefined && isSamePath(item.href, path);
  if (item.type === 'link') {
    return (
      <li>
        <Link to={item.href} aria-current={isHere ? 'page' : undefined}>
          {item.label}
        </Link>
      </li>
    );
  }
  const isOpen = isActiveSidebarItem(item, path);
  return (
    <li className={isOpen ? 'menu-chapter menu-open' : 'menu-chapter'}>
      {item.href === undefined ? (
        <span>{item.label}</span>
      ) : (
        <Link to={item.href} aria-current={isHere ? 'page' : undefined}>
          {item.label}
        </Link>
      )}
      {isOpen && item.items.length > 0 ? <Pages items={item.items} path={path} /> : null}
    </li>
  );
}

/** Pages in their order; those that a sign leads to stand below it. */
function Pages({
  items,
  path,
}: {
  readonly items: readonly PropSidebarItem[];
  readonly path: string;
}): ReactNode {
  const { signs } = usePluginData('runbook') as SiteData;
  const base = useBaseUrl('/');
  const signOf = (item: PropSidebarItem): Sign | undefined => {
    if (!('href' in item) || item.href === undefined) return undefined;
    const page = `/${item.href.slice(base.length).replace(/\/$/, '')}`;
    return signs.find(({ pages }) => pages.includes(page));
  };
  const list = (some: readonly PropSidebarItem[]): ReactNode =>
    some.map((child, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the order of the pages is fixed at build time.
      <Item key={index} item={child} path={path} />
    ));
  return (
    <ul>
      {list(items.filter((item) => signOf(item) === undefined))}
      {signs.map((sign) => {
        const own = items.filter((item) => signOf(item) === sign);
        return own.length === 0 ? null : (
          <li key={sign.title} className="menu-sign">
            <span>{sign.title}</span>
            <ul>{list(own)}</ul>
          </li>
        );
      })}
    </ul>
  );
}

export default function Menu({ items }: Props): ReactNode {
  const { pathname } = useLocation();
  return (
    <nav className="menu" id="menu" popover="auto" aria-label="Pages">
      <ul>
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order of the chapters is fixed at build time.
          <Item key={index} item={item} path={pathname} />
        ))}
      </ul>
    </nav>
  );
}
