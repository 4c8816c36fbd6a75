/** Docusaurus plugin: compiles the deployment and the procedures once a build and hands them to the components. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import type { Attestations } from '../audit/attestations';
import { CALENDAR_FILE, custodyCalendar } from '../audit/calendar';
import { custodyHealth } from '../audit/custody';
import { type Editions, editionsFile, lastOf } from '../audit/editions';
import { attestationsFile, loadAttestations } from '../audit/load-attestations';
import { loadMistakes, mistakesFolder } from '../audit/load-mistakes';
import type { Mistake } from '../audit/mistakes';
import type { LatestTests } from '../audit/test-results';
import { approvalsFile, approvalWords, type Edition } from '../deployment/approvals';
import { decisionsFile } from '../deployment/decisions';
import type { Deployment } from '../deployment/deployment';
import { type Domain, domains } from '../deployment/domains';
import { loadApprovals } from '../deployment/load';
import type { Procedure } from '../procedure/compile';
import { loadProcedures } from '../procedure/load';
import type { LatestDrill } from '../procedure/results/drilled';
import { partsOf } from '../procedure/text/parts';
import type { PlaceKind } from '../procedure/vocabulary/places';
import { controlFiles, oscalSource } from './control-files';
import { loadEditions, presentEdition } from './editions';
import { hrefOf } from './href';
import { editionOf, readLatestDrill, resultsFile, textSha256 } from './latest-drill';
import { readLatestTests, testResultsFile } from './latest-tests';
import { currentDeployment } from './preprocess';
import { readRelease } from './release';
import { type Sign, signsOf } from './signs';

/** What every component can read, as plain JSON. */
export interface SiteData {
  readonly deployment: Deployment;
  readonly domains: readonly Domain[];
  readonly procedures: readonly ProcedureSummary[];
  readonly drill: LatestDrill;
  readonly tests: LatestTests;
  /** The signs of the emergency start page, by which the menu is grouped. */
  readonly signs: readonly Sign[];
  /** The regression corpus, `tests/cases/`. */
  readonly mistakes: readonly Mistake[];
  /** First 16 hex digits of the SHA-256 over the digests of all pages: two builds with the same one say the same. */
  readonly text: string;
  /** Editions that were recorded, without their pages' steps. */
  readonly editions: readonly { readonly date: string; readonly version: string; readonly pages: number }[];
  readonly custody: Attestations & {
    /** The next dates as a calendar file (RFC 5545); none while nothing was ever done. */
    readonly calendar: string | undefined;
  };
}

export interface ProcedureSummary {
  readonly file: string;
  /** Address on the site, without the base path. */
  readonly href: string;
  readonly title: string;
  readonly prefix: string | undefined;
  /** First 16 hex digits of the SHA-256 of the page as compiled; at the foot of each of its sheets. */
  readonly digest: string;
  /** Day on which this edition was recorded; undefined while it is not. */
  readonly since: string | undefined;
  /** Who has approved this edition of the page, in words. */
  readonly approval: string;
  readonly applies: boolean;
  /** Recovery time objective in minutes. */
  readonly rto: number | undefined;
  readonly steps: readonly {
    readonly id: string;
    readonly by: string;
    readonly witness: string;
    readonly log: readonly string[];
    readonly minutes: number;
    readonly section: string;
    readonly part: string;
    readonly reversal: string;
    readonly shard: number | undefined;
    /** A command that the drill executes, or an act of people. */
    readonly kind: 'command' | 'act';
    /** Where it happens; undefined on a page that tells no places. */
    readonly where: PlaceKind | undefined;
    /** Done at the workstation of the custodian of its shard. */
    readonly apart: boolean;
    readonly text: string;
  }[];
  /** Shell blocks that show a form and are executed by nobody; each says why. */
  readonly notExecuted: number;
}

const startPage = 'docs/emergency/index.mdx';

/** Address of docs/audit/latest-drill.mdx. */
const reportFolder = 'audit/latest-drill';

/** The attestations with their calendar, made as of the last entry: a build depends on no clock. */
function custodyOf(deployment: Deployment, { example, attestations }: Attestations): SiteData['custody'] {
  // Examples are of the example deployment; after a change of N, some are about shards that are not there.
  const own = attestations.filter(({ shard }) => !example || shard <= deployment.shards.length);
  const day = own
    .map(({ date }) => date)
    .sort()
    .at(-1);
  const duties = day ? custodyHealth(deployment, own, day).duties.filter(({ last }) => last) : [];
  const calendar = day && duties.length > 0 ? custodyCalendar(duties, deployment.key.name, day) : undefined;
  return { ...(example && { example }), attestations: own, calendar };
}

/** What the page that judges a printed copy loads with the first question: all pages, and the editions that were recorded. */
function editionScript({ procedures }: SiteData, editions: Editions, compiled: readonly Procedure[]): string {
  const present = presentEdition(compiled);
  const now = procedures.map(({ file, href, title }) => ({
    file,
    href: `${href.slice(1)}/index.html`.replace(/^\//, ''),
    title,
    ...present.get(file),
  }));
  const past = editions.flatMap(({ date, pages }) =>
    Object.entries(pages).map(([file, page]) => ({ file, date, ...page })),
  );
  return `globalThis.runbookEditions=${JSON.stringify({ now, past })};\n`;
}

export default function runbook(context: LoadContext): Plugin<SiteData> {
  const root = context.siteDir;
  let compiled: readonly Procedure[] = [];
  return {
    name: 'runbook',
    async loadContent() {
      const deployment = currentDeployment(join(root, 'deployment.yaml'));
      compiled = loadProcedures(root, deployment);
      const approvals = loadApprovals(root);
      const editions = loadEditions(root);
      const last = lastOf(editions);
      const sinceOf = ({ file, digest }: Edition): string | undefined => {
        const known = last.get(file);
        return known?.digest === digest ? known.date : undefined;
      };
      const procedures = compiled.map(
        ({ file, page, applies, steps, lines }, _, __, parts = partsOf(lines)): ProcedureSummary => ({
          ...editionOf({ file, lines }),
          since: sinceOf(editionOf({ file, lines })),
          approval: approvalWords(editionOf({ file, lines }), approvals),
          href: hrefOf(file),
          title: page.title,
          prefix: page.prefix,
          applies,
          rto: page.rto,
          steps: steps.map((step) => ({
            id: step.id,
            by: step.by,
            witness: step.witness,
            log: step.log,
            minutes: step.minutes,
            section: step.section,
            part: parts.get(step.id) ?? '',
            reversal: step.reversal,
            shard: step.shard,
            kind: step.command ? 'command' : 'act',
            // What people say or decide has no machine.
            where: step.command || step.crossing ? step.place : undefined,
            apart: step.place === 'workstation',
            text: step.text,
          })),
          notExecuted: lines.filter((line) => /^\s*```\w+ .*\bnoexec=/.test(line.text)).length,
        }),
      );
      const drill = readLatestDrill(root, compiled);
      const tests = readLatestTests(root, readRelease(root).commit);
      const custody = custodyOf(deployment, loadAttestations(join(root, attestationsFile), deployment));
      const text = textSha256({ lines: procedures.map(({ digest }) => ({ text: digest })) }).slice(0, 16);
      const mistakes = loadMistakes(root);
      const start = compiled.find(({ file }) => file === startPage);
      const signs = start === undefined ? [] : signsOf(startPage, start.lines);
      return {
        deployment,
        domains: domains(deployment),
        procedures,
        drill,
        tests,
        signs,
        mistakes,
        custody,
        text,
        editions: editions.map(({ date, version, pages }) => ({
          date,
          version,
          pages: Object.keys(pages).length,
        })),
      };
    },
    contentLoaded({ content, actions }) {
      actions.setGlobalData(content);
    },
    /** What pages quote and offer travels with them: whoever has the results of the drill can build the site again. */
    async postBuild({ content, outDir, siteConfig: { url }, baseUrl }) {
      const write = (name: string, text: string): void => {
        // A site of other pages has no place for it.
        if (existsSync(dirname(join(outDir, name)))) writeFileSync(join(outDir, name), text);
      };
      const folder = join(outDir, reportFolder);
      if (content.drill.state !== 'none' && existsSync(folder))
        copyFileSync(join(root, resultsFile), join(folder, 'results.json'));
      writeFileSync(join(outDir, 'editions.js'), editionScript(content, loadEditions(root), compiled));
      if (content.custody.calendar) write(CALENDAR_FILE, content.custody.calendar);
      for (const [name, text] of controlFiles(oscalSource(root, compiled, `${url}${baseUrl}`)))
        write(name, text);
    },
    getPathsToWatch() {
      return [
        join(root, 'deployment.yaml'),
        join(root, attestationsFile),
        join(root, decisionsFile),
        join(root, approvalsFile),
        join(root, editionsFile),
        join(root, resultsFile),
        join(root, testResultsFile),
        join(root, mistakesFolder, '*.md'),
        join(root, 'docs/**/_*'),
        join(root, 'docs/_*/**'),
      ];
    },
  };
}
