/** Trails, sound and not, on which every verifier must say the same: the command, the page, and the page in a real browser. */
import { headOf, type Sealed, seal } from '../../src/audit/chain';
import { formatHead, headWords } from '../../src/audit/head';
import { draft, toText, trail } from './trails';

const good = trail(12);
/** A sound trail of twelve records. */
export const text = toText(good);
const lines = text.trimEnd().split('\n');
/** Its last record. */
export const last = (good[11] as Sealed).event;

const rotated = seal(draft(13, { action: 'trail.rotated' }), headOf(last));
/** The file that continues it. */
export const next = toText([rotated, ...trail(3, headOf(rotated.event))]);
/** Head of the twelve records. */
export const head = formatHead(last);

/** Name, contents of the files oldest first, head. */
export const CORPUS: [string, string[], string][] = [
  ['sound', [text], ''],
  ['sound, with its head', [text], head],
  ['sound, with its head as words', [text], headWords(last.digest).join('\n')],
  ['two files', [text, next], head],
  ['two files, the newer first', [next, text], head],
  ['a file twice', [text, text], head],
  ['no trail beside a trail', ['garbage\n', text], ''],
  ['only the second file', [next], ''],
  ['edit', [text.replace('"minutes":3', '"minutes":4')], ''],
  ['gap', [`${lines.toSpliced(4, 2).join('\n')}\n`], ''],
  [
    'reordered',
    [
      `${lines
        .with(4, lines[5] ?? '')
        .with(5, lines[4] ?? '')
        .join('\n')}\n`,
    ],
    '',
  ],
  ['truncated', [`${lines.slice(0, 8).join('\n')}\n`], head],
  ['torn', [text.slice(0, -30)], ''],
  ['tail', [`${text}garbage`], ''],
  ['empty', [''], ''],
  ['BOM', [`\uFEFF${text}`], ''],
  ['CRLF', [text.replaceAll('\n', '\r\n')], ''],
  ['duplicate member', [text.replace('{"action"', '{"action":"key.loaded","action"')], ''],
  ['__proto__', [text.replaceAll('"detail":{', '"detail":{"__proto__":1,')], ''],
  ['unsafe number', [text.replace('"sequence":5', '"sequence":9007199254740993')], ''],
  ['invalid UTF-8', [text.replace('été 6', '\u0000')], ''],
  ['long line', [`${'x'.repeat(200_000)}\n`], ''],
  ['binary zeros', ['\0'.repeat(300_000)], ''],
];

/** The bytes of a file of the corpus. */
export const bytesOf = (content: string) => {
  const bytes = new TextEncoder().encode(content);
  // A character that the texts do not have marks where an invalid byte goes.
  return bytes.map((byte) => (content.length < 100_000 && byte === 0 ? 0xff : byte));
};
