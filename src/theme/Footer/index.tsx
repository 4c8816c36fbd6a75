/** Which runbook this is; scripts/ship/page.ts repeats it at the foot of every printed sheet. */
import Link from '@docusaurus/Link';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import type { SiteData } from '../../site/plugin';
import type { Release } from '../../site/release';

export default function Footer(): ReactNode {
  const { siteConfig } = useDocusaurusContext();
  const { text } = usePluginData('runbook') as SiteData;
  const release = siteConfig.customFields?.release as unknown as Release;
  return (
    <footer className="foot">
      <p className="release">
        {siteConfig.title} {release.version} · commit <code>{release.commit}</code>
      </p>
      <p>
        Digest of all pages <code>{text}</code>
      </p>
      <p>
        <Link to="/introduction/printed-copy/">Is my printed copy current?</Link>
      </p>
      <p>
        What you read is what was run. <Link to="/audit/">Evidence</Link>
      </p>
    </footer>
  );
}
