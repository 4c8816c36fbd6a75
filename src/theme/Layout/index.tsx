/** The frame of every page: skip link, header, content, footer. Works without JavaScript. */
import { PageMetadata, SkipToContentFallbackId } from '@docusaurus/theme-common';
import LayoutProvider from '@theme/Layout/Provider';
import type { ReactNode } from 'react';
import Footer from '../Footer';
import Header from '../Header';

interface Props {
  readonly children?: ReactNode;
  readonly title?: string;
  readonly description?: string;
  readonly noFooter?: boolean;
}

export default function Layout({ children, title, description, noFooter = false }: Props): ReactNode {
  return (
    <LayoutProvider>
      <PageMetadata
        {...(title === undefined ? {} : { title })}
        {...(description === undefined ? {} : { description })}
      />
      <a className="skip" href={`#${SkipToContentFallbackId}`}>
        Skip to the text
      </a>
      <Header />
      <div id={SkipToContentFallbackId}>{children}</div>
      {noFooter ? null : <Footer />}
    </LayoutProvider>
  );
}
