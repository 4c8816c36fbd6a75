/** Where the reader stands in a procedure. The script fills it in while steps scroll by and are ticked. */
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import type { SiteData } from '../site/plugin';

export default function Position(): ReactNode {
  const { metadata } = useDoc();
  const { procedures } = usePluginData('runbook') as SiteData;
  const file = metadata.source.replace(/^@site\//, '');
  const steps = procedures.find((procedure) => procedure.file === file)?.steps ?? [];
  if (steps.length === 0) return null;
  return <p className="position needs-js" data-position="" />;
}
