/** All pages by chapter. The chapter that is being read is open; nothing here needs a script. */
import Link from '@docusaurus/Link';
import type { PropSidebarItem } from '@docusaurus/plugin-content-docs';
import { isActiveSidebarItem } from '@docusaurus/plugin-content-docs/client';
import { useLocation } from '@docusaurus/router';
import { isSamePath } from '@docusaurus/theme-common/internal';
import type { ReactNode } from 'react';

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
      {isOpen && item.items.length > 0 ? (
        <ul>
          {item.items.map((child, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order of the pages is fixed at build time.
            <Item key={index} item={child} path={path} />
          ))}
        </ul>
      ) : null}
    </li>
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
