/** Lints of the pages' text, for what a compiler of steps cannot see: plain language, notation, terms and reasons. */
import { kindOf, providerIds } from '../../src/deployment/providers/registry';
import type { Procedure } from '../../src/procedure/compile';
import { commandWidth } from '../../src/procedure/text/fold';
import { median, paragraphs, sentenceLengths, sentences, words } from '../../src/procedure/text/prose';

/** What a lint needs of a page. */
export type Linted = Pick<Procedure, 'file' | 'lines' | 'steps'>;

/** Longest median of words a sentence on a page that is read in an emergency. */
export const sentenceWords = 14;
/** Most words of a page, code left out. */
export const pageWords = 2500;
/** Most words of a reference, in which one entry is looked up. */
const referenceWords = 3500;
const mostWords = ({ lines }: Linted) =>
  lines.some(({ text }) => text === 'kind: reference') ? referenceWords : pageWords;

function sentenceLength(page: Linted): string[] {
  if (!page.file.startsWith('docs/emergency/')) return [];
  const lengths = sentenceLengths(page);
  if (lengths.length === 0 || median(lengths) <= sentenceWords) return [];
  return [
    `${page.file}:1: the median sentence has ${median(lengths)} words; wanted ${sentenceWords} or fewer`,
  ];
}

/** Words that somebody has written: what stands once for each shard counts once. */
function writtenWords(page: Linted): number {
  const written = new Map<string, number>();
  for (const { text, file, line, kind } of paragraphs(page)) {
    // A row about a refusal is looked up by what is seen; nobody reads those of the other providers.
    if (kind === 'row' && /\/_(?:providers|refusals)\//.test(file)) continue;
    const place = `${file}:${line}`;
    written.set(place, Math.max(written.get(place) ?? 0, words(text).length));
  }
  return [...written.values()].reduce((sum, count) => sum + count, 0);
}

function pageLength(page: Linted): string[] {
  const count = writtenWords(page);
  const most = mostWords(page);
  return count <= most ? [] : [`${page.file}:1: ${count} words; wanted ${most} or fewer`];
}

const sequence = /\b(?:and then|after that|afterwards|subsequently)\b|[,;] then\b|(?:^|[.:]\s+)Then\b/im;
/** What changes the world. Looking, counting, saying and writing down belong to the action that they follow. */
const acts =
  'attach|bring|cancel|close|collect|connect|copy|correct|cut|delete|destroy|disable|enable|erase|fetch|hand|lay|load|lock|move|open|print|pull|put|restart|restore|revoke|run|save|scan|seal|search|send|shred|start|store|stop|switch|take|unwrap|wipe|wrap';
const secondOrder = new RegExp(`^(?:${acts}) (?!nothing\\b|no\\b|is\\b)(?!.*\\bonly if\\b)`, 'i');
const listedOrders = new RegExp(`^(?:${acts}) [^,;.:]+, (?:and )?(?:${acts}) `, 'i');

/** The second action that a step orders, in its own words. Each line of a step is one actor. */
function secondAction(text: string): string | undefined {
  const then = sequence.exec(text)?.[0];
  if (then !== undefined) return then;
  return text.split('\n').flatMap((line) => {
    const actor = /^[A-Z][^.:,]*: /.exec(line)?.[0];
    const [first = '', ...others] = actor === undefined ? [] : sentences(line.slice(actor.length));
    return [...(listedOrders.exec(first) ?? []), ...others.filter((order) => secondOrder.test(order))];
  })[0];
}

function oneAction(page: Linted): string[] {
  return page.steps.flatMap(({ file, line, id, text }) => {
    const second = secondAction(text);
    return second === undefined ? [] : [`${file}:${line}: step ${id} orders two actions: "${second}"`];
  });
}

/** An order of a step that uses such a verb, wherever in the sentence it stands. */
const bareOrder =
  /(?:^|[.:,;]\s+|\band )(?:destroy|shred|erase|zeroize|reinitialize|burn|delete|drop|purge)\b/im;

function bareVerb(page: Linted): string[] {
  return page.steps
    .filter(({ text, reversal }) => reversal === 'undo' && bareOrder.test(text))
    .map(
      ({ file, line, id }) =>
        `${file}:${line}: step ${id} orders something irreversible and calls it undoable`,
    );
}

const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const notations: readonly { pattern: RegExp; wanted: string }[] = [
  { pattern: /\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/, wanted: 'dates as 2026-11-23' },
  {
    pattern: new RegExp(`\\b(?:\\d{1,2}\\.? (?:${months})|(?:${months}) \\d{1,2})\\b`),
    wanted: 'dates as 2026-11-23',
  },
  { pattern: /\b\d{1,2}(?::\d{2})? ?(?:[ap]\.m\.|[ap]m)\b/i, wanted: 'times as 14:05 UTC' },
  { pattern: /\b(?:[01]?\d|2[0-3]):[0-5]\d\b(?!:\d\d| UTC|Z)/, wanted: 'times as 14:05 UTC' },
  {
    pattern: /\b0X[0-9A-Fa-f]+\b|\b[0-9A-Fa-f]+h\b(?<=\d[A-Fa-f]h)/,
    wanted: 'hexadecimal as 0x1a or plain digits',
  },
];

function notation(page: Linted): string[] {
  return paragraphs(page).flatMap(({ text, line }) =>
    notations
      .filter(({ pattern }) => pattern.test(text))
      .map(({ pattern, wanted }) => `${page.file}:${line}: "${pattern.exec(text)?.[0]}": wanted ${wanted}`),
  );
}

const forbids = /^(?:Never|Do not|Nobody may)\b|\bmust (?:never|not)\b/;
const gives = /\bbecause\b|\bso that\b|[:;]|\bor\b.*\b(?:would|could)\b|\b(?:until|before|unless)\b/i;

/** A prohibition that gives no reason, and that no sentence follows to give one, is not obeyed at 3 a.m. */
function reasonless(page: Linted): string[] {
  return paragraphs(page)
    .filter(({ kind }) => kind !== 'row')
    .flatMap(({ text, line }) => {
      const last = sentences(text.replace(/^[A-Z][^.:]{2,40}: /, '')).at(-1) ?? '';
      return forbids.test(last) && !gives.test(last)
        ? [`${page.file}:${line}: a rule without its reason: "${last}"`]
        : [];
    });
}

/** One thing has one word, that of the glossary, so that a search finds every place. */
const synonyms: readonly { pattern: RegExp; word: string }[] = [
  { pattern: /\bfingerprints?\b/i, word: 'digest' },
  { pattern: /\bhash(?:es)?\b(?! function|-| Standard)/i, word: 'digest' },
  { pattern: /\b(?:trustees?|shard ?holders?)\b/i, word: 'custodian' },
  { pattern: /(?<!-)\bmaster[ -]keys?\b/i, word: 'MasterKey' },
  { pattern: /\b(?:fragments?|sub-?keys?)\b/i, word: 'shard' },
  { pattern: /\bafterward\b/i, word: 'afterwards' },
];

function oneWord(page: Linted): string[] {
  return paragraphs(page).flatMap(({ text, line }) =>
    synonyms
      .filter(({ pattern }) => pattern.test(text))
      .map(
        ({ pattern, word }) =>
          `${page.file}:${line}: "${pattern.exec(text)?.[0]}" is called "${word}" in this runbook`,
      ),
  );
}

/** Words of what a diagram shows: the labels of its boxes, groups, states and arrows. */
function diagramLabels(source: readonly string[]): string[] {
  const label = /(?:\[|\()"([^"]+)"|state "([^"]+)"|-->\|([^|]+)\||-->[^:|]*: (.+)$/g;
  return source.flatMap((line) =>
    [...line.matchAll(label)].map(
      ([, box, state, arrow, transition]) => box ?? state ?? arrow ?? transition ?? '',
    ),
  );
}

/** A reader without pictures gets the same from the text: title, description, a sentence that points, and every word. */
function diagramText(page: Linted): string[] {
  const problems: string[] = [];
  const texts = page.lines.map(({ text }) => text);
  const starts = texts.flatMap((text, index) => (/^\s*```mermaid/.test(text) ? [index] : []));
  const ends = starts.map((start) => texts.findIndex((text, index) => index > start && /^\s*```/.test(text)));
  const inside = (index: number) => starts.some((start, at) => index >= start && index <= (ends[at] ?? 0));
  const outside = texts
    .filter((_, index) => !inside(index))
    .join('\n')
    .toLowerCase();
  starts.forEach((start, at) => {
    const end = ends[at] ?? start;
    const source = texts.slice(start + 1, end);
    const report = (message: string) => problems.push(`${page.file}:${page.lines[start]?.line}: ${message}`);
    for (const mark of ['accTitle:', 'accDescr:'])
      if (!source.some((line) => line.trim().startsWith(mark))) report(`the diagram lacks ${mark}`);
    const beside = [...texts.slice(0, start).reverse(), ''].find(Boolean) ?? '';
    const after = texts.slice(end + 1).find(Boolean) ?? '';
    if (![beside, after].some((line) => /^The same\b/.test(line)))
      report('no sentence beside the diagram begins with "The same" and leads to its text');
    for (const label of diagramLabels(source)) {
      const missing = (label.toLowerCase().match(/[a-z]{4,}/g) ?? []).filter(
        (word) => !outside.includes(word),
      );
      if (missing.length > 0) report(`"${label}" stands in the diagram only: ${missing.join(', ')}`);
    }
  });
  return problems;
}

/** Facts behind which something may be destroyed. An open incident is none of them. */
const destructionGates = ['set-committed', 'version-unneeded', 'wrapped', 'bags-sealed'];

/** Destroying a shard for good waits for the proof that it is not needed. */
function destructionGate(page: Linted): string[] {
  return page.steps
    .filter(({ log, reversal }) => reversal === 'irreversible' && log.includes('shard.destroyed'))
    .filter(({ gate }) => gate === undefined || !destructionGates.includes(gate))
    .map(
      ({ file, line, id, gate }) =>
        `${file}:${line}: step ${id} destroys a shard behind "${gate}"; wanted ${destructionGates.join(', ')}`,
    );
}

/** Marks of states, checks and commands that the pages define where they stand. */
const marks = new Set([
  'AMBER',
  'BLACK',
  'GREEN',
  'RED',
  'FAIL',
  'LOOK',
  'TEST',
  'MANIFEST',
  'SHARD',
  'FILE',
  'OK',
]);

/**
 * Abbreviations of a page that stand neither in the glossary nor, spelled out, on the page itself. Numbered ids (S22,
 * P14) and the prefixes of step ids are links, not words.
 */
export function unexplainedTerms(page: Linted, glossary: string, prefixes: ReadonlySet<string>): string[] {
  const text = page.lines.map((line) => line.text).join('\n');
  return paragraphs(page).flatMap(({ text: paragraph, line }) =>
    [...new Set(paragraph.match(/\b[A-Z]{2,}(?=s?\b)/g) ?? [])]
      .filter((term) => !marks.has(term) && !prefixes.has(term))
      .filter(
        (term) => !new RegExp(`\\b${term}\\b`).test(glossary) && !new RegExp(`\\(${term}\\)`).test(text),
      )
      .map(
        (term) =>
          `${page.file}:${line}: "${term}" stands neither in the glossary nor spelled out on the page`,
      ),
  );
}

/** Words of the trade that no everyday reader knows. Whoever writes another one adds it here and to the glossary. */
const trade =
  'canary|checksum|ciphertext|commitment|coordinate|cryptoperiod|custodian|dealer|digest|entropy|escrow|generation|inject|manifest|plaintext|proquints|quorum|replica|reshare|rewrap|rung|shard|stand-in|token|unseal|unwrap';

/** Words of the trade on a page that the glossary does not explain. */
export function unexplainedWords(page: Linted, glossary: string): string[] {
  const explained = new Set(
    [...glossary.matchAll(/^\| ([^|]+) \|/gm)].flatMap(
      ([, terms = '']) => terms.toLowerCase().match(/[a-z-]+/g) ?? [],
    ),
  );
  const known = (word: string) => explained.has(word) || explained.has(word.replace(/s$/, ''));
  const found = new Map<string, number>();
  for (const { text, line } of paragraphs(page))
    for (const [word] of text.toLowerCase().matchAll(new RegExp(`\\b(?:${trade})s?\\b`, 'g')))
      if (!known(word) && !found.has(word)) found.set(word, line);
  return [...found].map(([word, line]) => `${page.file}:${line}: the glossary does not explain "${word}"`);
}

/** Products of vendors that are the name of no provider. */
const products =
  'Amazon|IAM|GCP|KMS|Vault|OpenSC|HSMs?|PKCS ?#?11|SoftHSM|PostgreSQL|FIPS|CMVP|NIST|providers?';
const vendorNames = providerIds.flatMap((id) => {
  const { name, tool, otherTools = {} } = kindOf(id);
  return tool === undefined ? [] : [name.split(/[ #]/)[0] ?? name, tool, ...Object.values(otherTools)];
});
const vendor = new RegExp(`\\b(?:${products}|${vendorNames.join('|')})\\b`, 'i');
const times = '(?:milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?)';
/** What a vendor decides and may change, and what it looks like when it is typed. */
const agingFacts: readonly { what: string; pattern: RegExp }[] = [
  {
    what: 'a waiting time or time limit',
    pattern: new RegExp(
      `(?=.*\\b\\d+[ -]${times}\\b).*\\b(?:delet|destr|restor|pending|waiting|window|retention|recoverable|expir|throttl|time-?out|quota|by default|maximum|minimum|longest|shortest|up to|at most|keeps)`,
      'i',
    ),
  },
  {
    what: 'a limit',
    pattern:
      /\b\d+(?:[.,]\d+)? ?(?:bytes?|[KMG]i?B|requests?|calls?|tries|attempts?|versions|percent|%|(?:[a-z]+ )?(?:per|a) second)(?![\w-])/i,
  },
  {
    what: 'a status or error code',
    pattern: /\b(?:HTTP|status|code|error|answers?|returns?) (?:\w+ )?`?[1-5]\d\d\b/i,
  },
  {
    what: 'a release',
    pattern: /\b(?:release|version|since|from|Vault|OpenBao|OpenSC|SoftHSM|PostgreSQL|CLI) \d+\.\d+/,
  },
  { what: 'a date', pattern: /\b20\d\d-\d\d-\d\d\b|\b(?:in|by|until|after) 20[2-9]\d\b|^\| 20[2-9]\d \|/ },
];
const windowFlag = /--(?:pending-window-in-days|destroy-scheduled-duration|retention-days)[ =]\d/;

/**
 * Lines of a page's source with their kind. Front matter and the attributes of tags are neither prose nor command. A partial
 * whose name ends with `-lines` stands in a fence of commands where it is included.
 */
function sourceKinds(source: string): { text: string; line: number; kind: 'prose' | 'command' | 'other' }[] {
  let fence: string | undefined;
  let matter = source.startsWith('---');
  return source.split('\n').map((text, index) => {
    const at = { text, line: index + 1 };
    if (matter) {
      if (index > 0 && text === '---') matter = false;
      return { ...at, kind: 'other' };
    }
    const mark = /^\s*```(\w*)/.exec(text);
    if (/^<(?:\/Partial|Partial name="[a-z-]*-lines")>$/.test(text)) {
      fence = text.startsWith('</') ? undefined : 'bash';
      return { ...at, kind: 'other' };
    }
    if (mark) {
      fence = fence === undefined ? mark[1] : undefined;
      return { ...at, kind: 'other' };
    }
    if (fence !== undefined) return { ...at, kind: fence === 'bash' ? 'command' : 'other' };
    return { ...at, kind: /^\s*<|^ {2,}[a-z]+="/.test(text) ? 'other' : 'prose' };
  });
}

/**
 * Facts of vendors that are typed instead of named: they age unseen. `source` is a page or partial before expansion, so
 * a named fact is still a name. A table's row is read as a whole: the vendor often stands in another cell.
 */
export function typedVendorFacts(file: string, source: string): string[] {
  return sourceKinds(source).flatMap(({ text, line, kind }) => {
    if (kind === 'command')
      return windowFlag.test(text)
        ? [`${file}:${line}: a vendor's waiting time is typed; name it as {{fact.…}}`]
        : [];
    if (kind === 'other') return [];
    const named = text.replace(/\{\{[^}]*\}\}/g, 'named').replace(/\]\([^)]*\)/g, ']');
    const parts = named.startsWith('|') ? [named] : named.split(/(?<=[.!?]) /);
    return parts
      .filter((part) => vendor.test(part))
      .flatMap((part) => agingFacts.find(({ pattern }) => pattern.test(part)) ?? [])
      .map(({ what }) => `${file}:${line}: ${what} of a vendor is typed; name it as {{fact.…}}`);
  });
}

const vendorTools = providerIds.flatMap((id) => kindOf(id).tool ?? []);
const vendorCommand = new RegExp(`(?:^|[\\s(;|])(${vendorTools.join('|')}) (.*)$`, 'g');

/**
 * A command of a vendor: tool and subcommands. Of a tool without subcommands each option by itself; of one whose long
 * options have one dash, as programs in Go have them, the subcommand and the path.
 */
function commandsIn(command: string): string[] {
  return [...command.matchAll(vendorCommand)].flatMap(([, tool, rest]) => {
    const words = (rest ?? '').split(/\s+/);
    if (words[0]?.startsWith('--'))
      return words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []).map((option) => `${tool} ${option}`);
    if (words.some((word) => /^-[a-z]{2}/.test(word))) {
      const path = words.slice(1).find((word) => /^(?:[a-z]+|\{[a-z]+\})\//.test(word));
      return [[tool, words[0], path?.replace(/\/?\{\{.*$/, '')].filter(Boolean).join(' ')];
    }
    const end = words.findIndex((word) => !/^[a-z][a-z0-9-]*$/.test(word));
    return [[tool, ...(end < 0 ? words : words.slice(0, end))].join(' ')];
  });
}

/** A line of the steps of a provider with its tool in it, and `{mount}` for `{{shard.mount}}` at the beginning of a path. */
function withTool(file: string, text: string): string {
  const own = providerIds.find((id) => file.endsWith(`_providers/${id}.mdx`));
  const tool = own && kindOf(own).tool;
  return text
    .replaceAll('{{shard.tool}}', tool ?? '{{shard.tool}}')
    .replace(/ \{\{shard\.([a-z]+)\}\}\//g, ' {$1}/');
}

/** Commands of vendors that no list of the data file holds. `source` is a page or partial before expansion. */
export function unlistedCommands(file: string, source: string, listed: ReadonlySet<string>): string[] {
  const lines = sourceKinds(source).filter(({ kind, text }) => kind === 'command' && !/^\s*</.test(text));
  const problems: string[] = [];
  let open: { text: string; line: number } | undefined;
  for (const { text, line } of lines) {
    const whole: { text: string; line: number } = open
      ? { text: `${open.text} ${text.trim()}`, line: open.line }
      : { text, line };
    if (whole.text.endsWith('\\')) {
      open = { ...whole, text: whole.text.slice(0, -1).trimEnd() };
      continue;
    }
    open = undefined;
    for (const command of commandsIn(withTool(file, whole.text)))
      if (!listed.has(command))
        problems.push(`${file}:${whole.line}: "${command}" stands in no list of the vendor facts`);
  }
  return problems;
}

/** A command is typed from paper as well: a line that goes on in the next without a \\ would be taken for two. */
function widthOfCommand({ steps }: Linted): string[] {
  return steps.flatMap(({ command }) => {
    let document: string | undefined;
    return (command?.lines ?? []).flatMap(({ text, file, line }) => {
      if (document !== undefined) {
        if (text === document) document = undefined;
        return [];
      }
      document = /<<'?([A-Z]+)'?$/.exec(text)?.[1];
      if (text.length <= commandWidth) return [];
      return [`${file}:${line}: a line of ${text.length} characters; wanted ${commandWidth} or fewer`];
    });
  });
}

export const lints = {
  'sentence length': sentenceLength,
  'page length': pageLength,
  'one action': oneAction,
  'bare irreversible verb': bareVerb,
  notation,
  'rule without reason': reasonless,
  'one word': oneWord,
  'diagram without text': diagramText,
  'gate of a destruction': destructionGate,
  'width of a command': widthOfCommand,
} as const;
