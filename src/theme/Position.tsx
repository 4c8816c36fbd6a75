/**
 * Where the reader stands in a procedure, and, on a small screen, the way to the sections of the page.
 * src/client/run-place.ts says the place anew while steps scroll by and are ticked.
 */
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import type { SiteData } from '../site/plugin';
import { useContents } from './useContents';

export default function Position(): ReactNode {
  const { metadata } = useDoc();
  const { procedures } = usePluginData('runbook') as SiteData;
  const hasContents = useContents().length > 0;
  const file = metadata.source.replace(/^@site\//, '');
  const steps = procedures.find((procedure) => procedure.file === file)?.steps ?? [];
  if (steps.length === 0 && !hasContents) return null;
  const final = steps.find(({ reversal }) => reversal === 'irreversible');
  // The words with which the script begins, so that nothing moves when it wakes.
  const words = [
    `Before the first of ${steps.length} steps`,
    ...(final === undefined ? [] : [`point of no return ahead: ${final.id}`]),
  ].join(' · ');
  return (
    <div className={steps.length === 0 ? 'place' : 'place place-steps'}>
      {steps.length === 0 ? null : (
        <p className="position needs-js" data-position="">
          {words}
        </p>
      )}
      {hasContents ? (
        <button type="button" className="tool place-contents" popoverTarget="contents">
          On this page
        </button>
      ) : null}
    </div>
  );
}
