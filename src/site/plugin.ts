/** Docusaurus plugin: compiles the deployment and the procedures once a build and hands them to the components. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import type { Deployment } from '../deployment/deployment';
import { type Domain, domains } from '../deployment/domains';
import { loadProcedures } from '../procedure/load';
import { currentDeployment } from './preprocess';

/** What every component can read, as plain JSON. */
export interface SiteData {
  readonly deployment: Deployment;
  readonly domains: readonly Domain[];
  readonly procedures: readonly ProcedureSummary[];
}

export interface ProcedureSummary {
  readonly file: string;
  /** Address on the site, without the base path. */
  readonly href: string;
  readonly title: string;
  readonly prefix: string | undefined;
  /** First 16 hex digits of the SHA-256 of the page as compiled; at the foot of each of its sheets. */
  readonly digest: string;
  readonly applies: boolean;
  readonly steps: readonly {
    readonly id: string;
    readonly by: string;
    readonly witness: string;
    readonly log: readonly string[];
    readonly minutes: number;
    readonly section: string;
    readonly reversal: string;
    readonly shard: number | undefined;
    readonly text: string;
  }[];
}

/** `docs/emergency/unseal.mdx` → `/emergency/unseal`. */
export function hrefOf(file: string): string {
  return file
    .replace(/^docs/, '')
    .replace(/\.mdx?$/, '')
    .replace(/\/index$/, '');
}

/** The text that Docusaurus renders and the drill runs decides the digest of a page. */
function digestOf(lines: readonly { readonly text: string }[]): string {
  const text = lines.map((line) => line.text).join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export default function runbook(context: LoadContext): Plugin<SiteData> {
  const root = context.siteDir;
  return {
    name: 'runbook',
    async loadContent() {
      const deployment = currentDeployment(join(root, 'deployment.yaml'));
      const procedures = loadProcedures(root, deployment).map(
        ({ file, page, applies, steps, lines }): ProcedureSummary => ({
          file,
          href: hrefOf(file),
          title: page.title,
          prefix: page.prefix,
          digest: digestOf(lines),
          applies,
          steps: steps.map(({ id, by, witness, log, minutes, section, reversal, shard, text }) => ({
            id,
            by,
            witness,
            log,
            minutes,
            section,
            reversal,
            shard,
            text,
          })),
        }),
      );
      return { deployment, domains: domains(deployment), procedures };
    },
    contentLoaded({ content, actions }) {
      actions.setGlobalData(content);
    },
    getPathsToWatch() {
      return [join(root, 'deployment.yaml'), join(root, 'docs/**/_*'), join(root, 'docs/_*/**')];
    },
  };
}
