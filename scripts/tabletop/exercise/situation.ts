/** What is wrong in an exercise: for the judge, and as the operator reads it on the card. */
import type { Procedure } from '../../../src/procedure/compile';
import type { Manifest } from '../../../src/shard/manifest';
import { fingerprintWords } from '../../../src/shard/words';
import { importKeyDigest, serviceState } from '../../providers/service/state';
import type { Sandbox } from '../machine/sandbox';
import type { Scenario } from '../plan/scenario';
import type { Setting } from '../plan/setting';
import { digestOfKit } from '../world/oracle';
import { type Situation, wordsOf } from './judge';
import { spoken } from './room';

/** The first sign of a page, as somebody reports it who does not know the page. */
function signsOf({ lines }: Procedure): string[] {
  const texts = lines.map(({ text }) => text);
  const from = texts.findIndex((text) => /^## Signs\b/.test(text));
  const to = texts.findIndex((text, at) => at > from && text.startsWith('## '));
  return from < 0
    ? []
    : texts.slice(from + 1, to < 0 ? undefined : to).flatMap((text) => /^- (.*)$/.exec(text)?.[1] ?? []);
}

/** How people say that something cannot be reached. */
const UNREACHABLE =
  'answer answers answering reach reached reachable connect connection timeout timed outage region';

/** Words for what the faults of a scenario look like. */
const looksLike = (faults: Scenario['faults']): string[] =>
  Object.values(faults).some((mode) => ['refuse', 'hang', 'http-503', 'absent'].includes(mode))
    ? [UNREACHABLE]
    : [];

/** What is wrong in a scenario, for the judge. */
export function situationOf(scenario: Scenario, setting: Setting): Situation {
  const { key, shards } = setting.deployment;
  const [procedure] = scenario.procedures as [Procedure];
  const { file, page } = procedure;
  const slug = file.replace(/^.*\/|\.mdx?$/g, '');
  const same = setting.scenarios.filter(
    ({ procedures, expect, tampering }) =>
      procedures[0]?.file === file && expect === 'recovered' && !tampering,
  );
  const number = /^S\d\d/.exec(page.title)?.[0];
  const faults = Object.entries(scenario.faults).flat().join(' ');
  return {
    threshold: key.threshold,
    total: shards.length,
    reachable: [...new Set(same.flatMap(({ quorum }) => quorum ?? []))],
    recovers: scenario.expect === 'recovered',
    pages: [number ?? page.title, page.prefix, slug, file, page.title].filter((each) => each !== undefined),
    specific: new Set([...wordsOf(slug), ...wordsOf(faults)]),
    signs: new Set(wordsOf([...signsOf(procedure), page.title, ...looksLike(scenario.faults)].join(' '))),
  };
}

/** What stands in the place of the import key that the page prints: nobody but the service of the company has that one. */
function importKeyLines(world: string): string[] {
  const service = serviceState.load(world);
  if (service === undefined) return [];
  const digest = importKeyDigest(service);
  return [
    'The import key of the service in this exercise, instead of the one on the page:',
    `  in words                 ${fingerprintWords(digest)}`,
    `  in digits                ${digest}`,
  ];
}

/** What pages compare with: the lines of the printed Ceremony Log that lie beside the operator, and the import key. */
export function ceremonyLog({ home, world }: Pick<Sandbox, 'home' | 'world'>, manifest: Manifest): string[] {
  return [
    `The printed Ceremony Log of generation ${manifest.generation} says:`,
    `  SHA-256 of the manifest  ${digestOfKit(home)}`,
    `  KCV                      ${manifest.commitment.slice(0, 8)}`,
    `  labels                   ${manifest.shards.map(({ number, label }) => `${number}: ${label}`).join(', ')}`,
    ...importKeyLines(world),
  ];
}

/** What the operator reads first, and all that is said about the situation. */
export function situationCard(
  scenario: Scenario,
  setting: Setting,
  log: readonly string[],
  places: readonly string[],
): string {
  const { key } = setting.deployment;
  const [sign] = scenario.procedures.flatMap(signsOf);
  return [
    '',
    '─── EXERCISE ─── EXERCISE ─── EXERCISE ───',
    '',
    ...(scenario.expect === 'recovered'
      ? [`${key.service} does not start: it has no MasterKey. You are the recovery operator.`]
      : [
          `${key.service} runs. Somebody reports: ${sign ?? 'a check of the shards has failed.'}`,
          'You are the recovery operator.',
        ]),
    `Your people sit beside you. You have the site or the printed runbook, and this shell. Nothing here is real.`,
    `The recovery kit lies in ~/recovery-kit. ${scenario.expect === 'recovered' ? 'Bring the key back' : 'Find the page, and follow it to its end'}, then close down.`,
    '',
    ...log,
    '',
    ...(places.length > 0
      ? [`Your shell is at ${places[0]}. There are also ${places.slice(1).join(', ')}.`, '']
      : []),
    'What people do, you say:',
    ...spoken(places).map((line) => `  ${line}`),
    '  exit                 the end: the result is judged; Ctrl-D does nothing',
    'Look into the envelope of a PIN before a command asks for it: at its prompt nothing else can be said.',
    '',
    `The clock runs. (${scenario.procedures.length === 1 ? 'One page of the runbook is enough.' : 'You need several pages.'})`,
    '',
  ].join('\n');
}
