/** The frame of every page: skip link, header, content, footer. Works without JavaScript. */
import { PageMetadata, SkipToContentFallbackId } from '@docusaurus/theme-common';
import { usePluginData } from '@docusaurus/useGlobalData';
import LayoutProvider from '@theme/Layout/Provider';
import type { ReactNode } from 'react';
import { fictionalNotice } from '../../deployment/fictional';
import type { SiteData } from '../../site/plugin';
import Footer from '../Footer';
import Header from '../Header';

interface Props {
  readonly children?: ReactNode;
  readonly title?: string;
  readonly description?: string;
  readonly noFooter?: boolean;
}

/** On every page and sheet, so that nobody takes made-up people and places for their own. */
function FictionalNotice(): ReactNode {
  const { deployment } = usePluginData('runbook') as SiteData;
  const notice = fictionalNotice(deployment);
  return notice === undefined ? null : (
    <aside className="fictional" aria-label="What is made up">
      {notice}
    </aside>
  );
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
      <FictionalNotice />
      <div id={SkipToContentFallbackId}>{children}</div>
      {noFooter ? null : <Footer />}
    </LayoutProvider>
  );
}
