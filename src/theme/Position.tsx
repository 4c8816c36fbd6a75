/** Where the reader stands in a procedure. src/client/run-place.ts says it anew while steps scroll by and are ticked. */
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
  const final = steps.find(({ reversal }) => reversal === 'irreversible');
  // The words with which the script begins, so that nothing moves when it wakes.
  const words = [
    `Before the first of ${steps.length} steps`,
    ...(final === undefined ? [] : [`point of no return ahead: ${final.id}`]),
  ].join(' · ');
  return (
    <p className="position needs-js" data-position="">
      {words}
    </p>
  );
}
