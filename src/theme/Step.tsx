/** Connects <Step> to the site: its anchor is known to the link checker, its place comes from the compiled procedure. */

import { useDoc } from '@docusaurus/plugin-content-docs/client';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import { usePluginData } from '@docusaurus/useGlobalData';
import type { ReactNode } from 'react';
import type { StepProps } from '../components/Step';
import Step from '../components/Step';
import { stepTitle } from '../procedure/steps/title';
import type { SiteData } from '../site/plugin';

export default function PlacedStep(props: StepProps): ReactNode {
  useBrokenLinks().collectAnchor(props.id);
  const { metadata } = useDoc();
  const { procedures, drill } = usePluginData('runbook') as SiteData;
  const file = metadata.source.replace(/^@site\//, '');
  const steps = procedures.find((procedure) => procedure.file === file)?.steps ?? [];
  const index = steps.findIndex((step) => step.id === props.id);
  const step = steps[index];
  const execution = drill.state === 'current' ? drill.executions[props.id] : undefined;
  const drilled =
    drill.state === 'current' && execution !== undefined
      ? { ...execution, date: drill.results.started.slice(0, 10) }
      : undefined;
  return (
    <Step
      {...props}
      {...(index < 0 ? {} : { position: index + 1, total: steps.length, title: stepTitle(step?.text ?? '') })}
      where={step?.where}
      apart={step?.apart}
      drilled={drilled}
    />
  );
}
