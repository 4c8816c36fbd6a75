/**
 * `npm audit`, sorted by where the code of a package goes: into the shard tool or the pages, or nowhere but the machine
 * that builds and tests them. The first kind fails; the second is listed. Report format: `npm audit --json`, version 2.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { printError, printOut } from './common/terminal';
import type { Shipped } from './kit/sbom';
import { packagesOfBundle, packagesOfSite, shippedIn } from './kit/shipped';
import { bundleSss } from './sss/bundle';

const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      severity: z.string(),
      // A name where the weakness is that of a package below it.
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string() })])),
      nodes: z.array(z.string()),
    }),
  ),
});

/** A package with a known weakness. `parts` are the shipped files that hold its code; none for tools of the build. */
export interface Advisory {
  readonly name: string;
  readonly severity: string;
  readonly titles: readonly string[];
  readonly parts: readonly string[];
}

/**
 * Reads what `npm audit --json` printed.
 * @throws RangeError with npm's own words when there is no report in it.
 */
export function readAdvisories(text: string, shipped: Shipped): Advisory[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new RangeError('npm audit printed no report');
  }
  const report = reportSchema.safeParse(given);
  if (!report.success) {
    const { message } = z.object({ message: z.string() }).catch({ message: '' }).parse(given);
    throw new RangeError(message === '' ? 'npm audit printed no report' : message);
  }
  return Object.values(report.data.vulnerabilities).map(({ name, severity, via, nodes }) => ({
    name,
    severity,
    titles: via.flatMap((each) => (typeof each === 'string' ? [] : [`${each.title} ${each.url}`])),
    parts: [...new Set(nodes.flatMap((node) => shipped.get(node) ?? []))],
  }));
}

/** The report for people, and whether something that ships is affected. */
export function judge(advisories: readonly Advisory[]): { readonly ok: boolean; readonly text: string } {
  const lines = (all: readonly Advisory[]): string[] =>
    all.flatMap(({ name, severity, titles, parts }) => [
      `  ${name} (${severity})${parts.length === 0 ? '' : ` in ${parts.join(', ')}`}`,
      ...titles.map((title) => `    ${title}`),
    ]);
  const ships = advisories.filter(({ parts }) => parts.length > 0);
  const builds = advisories.filter(({ parts }) => parts.length === 0);
  const text = [
    `In what ships: ${ships.length === 0 ? 'none' : ships.length}`,
    ...lines(ships),
    `Only in what builds and tests: ${builds.length === 0 ? 'none' : builds.length}`,
    ...lines(builds),
  ].join('\n');
  return { ok: ships.length === 0, text };
}

async function shippedPackages(root: string): Promise<Shipped> {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-advisories-'));
  try {
    const bundles = await bundleSss(folder);
    const held = bundles.map(({ file }) => [basename(file), packagesOfBundle(file)] as const);
    return shippedIn([...held, ['site', await packagesOfSite(root)]]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const root = resolve(__dirname, '..');
  const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', timeout: 120_000 });
  try {
    const { ok, text } = judge(readAdvisories(stdout ?? '', await shippedPackages(root)));
    printOut(`${text}\n`);
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    printError(
      `advisories: error: ${error.message}\nadvisories: hint: ask a registry that serves advisories: npm config set registry\n`,
    );
    process.exitCode = 2;
  }
}

if (require.main === module) void main();
