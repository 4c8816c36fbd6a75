/** What the build refuses of a page that tells places: tools and secrets where they must not be, and files that nobody carried there. */
import type { Problem } from '../../deployment/problem';
import { kindOf, providerIds } from '../../deployment/providers/registry';
import type { Page } from '../steps/page';
import { placeOf, type Step, shardOf } from '../steps/step';
import { logicalLines } from '../text/fold';
import type { Act } from '../vocabulary/acts';
import type { Fact } from '../vocabulary/facts';
import { kindOfPlace, type PlaceKind, placeName } from '../vocabulary/places';

/** Commands that need a network: those of all providers but a device that is plugged in, and the registry's. */
const networkTools: readonly string[] = [
  'psql',
  ...providerIds.flatMap((id) => {
    const { has, tool, otherTools = {} } = kindOf(id);
    return has.includes('device') || tool === undefined ? [] : [tool, ...Object.keys(otherTools)];
  }),
];

const networkTool = new RegExp(`(?:^|[\\s;&|(])(${networkTools.join('|')})(?=\\s|$)`);

/** Facts of plain text, each with the places at which it may be set. */
const plainAt: Partial<Record<Fact, readonly PlaceKind[]>> = {
  'key-file': ['air-gapped'],
  'set-plaintext': ['air-gapped'],
  'shard-plaintext': ['air-gapped', 'workstation'],
};

/** Acts of people that leave a file in the working folder. */
const actMakes: Partial<Record<Act, RegExp>> = {
  'sheet-scan': /^sheet-.*\.png$/,
  'sheet-print': /^sheet-.*\.png$/,
  'sheet-type': /^shard-.*\.txt$/,
  'media-insert': /./,
};

const endings = 'txt|bin|json|jsonl|key|b64|plain|pem|html|png|sig|wrapped';
/** A file of the working folder, by its bare name: after `folder/` stands another one. */
const fileWord = new RegExp(
  `(?<![\\w/=$.*{}-])(?:\\./)?((?:[\\w.*-])*[\\w*]\\.(?:${endings}))(?![\\w./*-])`,
  'g',
);
/** What stands before a file that a command makes: a redirection, or an option that names an output. */
const making =
  /(?:>|>>|--?(?:out|output|output-file|plaintext|plaintext-file|signature-file)[ =](?:fileb?:\/\/)?)\s*$/;

/** A search for files is no use of one. */
const searching = /-name\s+'?$/;

/** What stands in quotes before a file, where a value of the deployment is a path with blanks in it. */
const quotedPath = /^[^']*(?:'[^']*'[^']*)*'[^']*\/[^']*$/;

interface Named {
  readonly file: string;
  readonly made: boolean;
}

/** The files that a command names, in its order, and whether it makes them. */
function filesIn({ command }: Step): Named[] {
  return logicalLines(command?.lines ?? []).flatMap(({ text }) => {
    const copies = /^\s*(?:cp|mv) /.test(text);
    return [...text.matchAll(fileWord)].flatMap((match): Named[] => {
      const before = text.slice(0, match.index);
      if (searching.test(before) || quotedPath.test(before)) return [];
      const last = copies && text.slice(match.index + match[0].length).trim() === '';
      return [{ file: match[1] ?? '', made: last || making.test(before) }];
    });
  });
}

/** Whether a name of a file, perhaps with a `*`, stands for another. */
export function namesFile(pattern: string, file: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(file);
}

/** Two names, each of which may hold a `*`, that can mean the same file. */
const meet = (one: string, other: string) => namesFile(one, other) || namesFile(other, one);

/**
 * The places of a kind, as far as the steps of a page tell: of the workstations, that of the shard which the step is about,
 * or those of all chosen shards.
 */
export function placesOfKind(kind: PlaceKind, step: Step, steps: readonly Step[]): string[] {
  if (kind !== 'workstation') return [kind];
  const own = shardOf(step);
  if (own !== undefined) return [placeName(kind, own)];
  const chosen = steps.filter((each) => each.place === kind && each.shard !== undefined);
  return [...new Set(chosen.flatMap((each) => placeOf(each) ?? []))];
}

/** Files that a step uses at its place, although they were made at another one and nobody carried them. */
function uncarried(steps: readonly Step[]): Problem[] {
  const lying = new Map<string, string[]>();
  const at = (place: string) => {
    const here = lying.get(place) ?? [];
    lying.set(place, here);
    return here;
  };
  return steps.flatMap((step) => {
    const place = placeOf(step);
    if (place === undefined) return [];
    const wrong: string[] = [];
    const carry = () => {
      const { crossing } = step;
      if (!crossing) return;
      const sources = placesOfKind(crossing.from, step, steps);
      for (const file of crossing.files) {
        if (!sources.some((source) => at(source).some((known) => meet(file, known))))
          wrong.push(`carries ${file} from ${sources.join(', ') || crossing.from}, where no step makes it`);
        for (const target of placesOfKind(crossing.to, step, steps)) at(target).push(file);
      }
    };
    const comes = step.crossing && step.crossing.to === step.place;
    if (comes) carry();
    for (const { file, made } of filesIn(step)) {
      const here = at(place);
      const elsewhere = [...lying].find(
        ([other, files]) => other !== place && files.some((known) => meet(file, known)),
      );
      if (!made && elsewhere && !here.some((known) => meet(file, known)))
        wrong.push(`uses ${file} at ${place}, which lies at ${elsewhere[0]}: no step carries it`);
      here.push(file);
    }
    const byPeople = step.act && actMakes[step.act];
    if (byPeople) at(place).push(...(step.crossing?.files ?? []), `sheet-${shardOf(step) ?? '*'}.png`);
    if (!comes) carry();
    return wrong.map((message) => ({
      file: step.file,
      line: step.line,
      rule: 'PLACE',
      message: `step ${step.id}: ${message}`,
    }));
  });
}

/** What is wrong with one step for the place at which it is done. */
function wrongAt(step: Step): string[] {
  const { place } = step;
  if (place === undefined)
    return ['is at no place; wanted place: in the front matter, as others name theirs'];
  const wrong: string[] = [];
  if (place === 'workstation' && shardOf(step) === undefined)
    wrong.push('is at a workstation and names no shard: each shard has its own');
  if (place === 'air-gapped') {
    for (const { text } of logicalLines(step.command?.lines ?? [])) {
      const [, tool] = networkTool.exec(text) ?? [];
      if (tool !== undefined) wrong.push(`calls ${tool} at air-gapped, which has no network`);
    }
    if (step.act === 'network-on' || step.act === 'network-off' || step.sets.includes('network'))
      wrong.push('connects or disconnects the air-gapped machine, which never has a network');
  }
  for (const fact of step.sets) {
    const allowed = plainAt[fact];
    if (allowed && !allowed.includes(place))
      wrong.push(`sets "${fact}" at ${place}; wanted ${allowed.join(' or ')}`);
  }
  return wrong;
}

/** Judges the places of a page. One that tells none has one machine, and no problem here. */
export function checkPlaces(page: Pick<Page, 'place'>, steps: readonly Step[]): Problem[] {
  if (page.place === undefined && steps.every(({ place }) => place === undefined)) return [];
  const each = steps.flatMap((step) =>
    wrongAt(step).map((message) => ({
      file: step.file,
      line: step.line,
      rule: 'PLACE',
      message: `step ${step.id}: ${message}`,
    })),
  );
  return each.length > 0 ? each : uncarried(steps);
}

/** The places at which plain text of a shard may lie: the air-gapped machine, and the workstation of that very shard. */
export const mayHold = (place: string, shard: number): boolean =>
  kindOfPlace(place) === 'air-gapped' || place === placeName('workstation', shard);
