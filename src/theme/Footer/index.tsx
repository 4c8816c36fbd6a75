/** Which runbook this is, and the print headers and footers of its sheets. */
import Head from '@docusaurus/Head';
import Link from '@docusaurus/Link';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import type { ReactNode } from 'react';
import type { Release } from '../../site/release';

export default function Footer(): ReactNode {
  const { siteConfig } = useDocusaurusContext();
  const release = siteConfig.customFields?.release as unknown as Release;
  const sheet = `${siteConfig.title} ${release.version} · commit ${release.commit}`;
  return (
    <footer className="foot">
      <Head>
        <style>{`@page{@bottom-left{content:"${sheet}"}}`}</style>
      </Head>
      <p>
        {siteConfig.title} {release.version} · commit <code>{release.commit}</code>
      </p>
      <p>
        What you read is what was run. <Link to="/audit/">Evidence</Link>
      </p>
    </footer>
  );
}
