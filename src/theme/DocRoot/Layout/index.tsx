/** Menu and page side by side; on a small screen the same menu is a popover. */
import { useDocsSidebar } from '@docusaurus/plugin-content-docs/client';
import type { ReactNode } from 'react';
import Menu from '../../Menu';

export default function DocRootLayout({ children }: { readonly children: ReactNode }): ReactNode {
  const sidebar = useDocsSidebar();
  return (
    <div className="frame">
      <Menu items={sidebar?.items ?? []} />
      {children}
    </div>
  );
}
