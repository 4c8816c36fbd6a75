/** Names as people, companies and places have them: many scripts, from one letter to the longest that is taken, and signs that mean something to a page or a shell. */
import type { Tape } from './tape';

interface Script {
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** Between the two. */
  readonly blank: '' | ' ';
}

const scripts: readonly Script[] = [
  {
    given: ['Mira', 'Jonas', 'Keiran', 'Odile', 'Tove', 'Bartek', 'Fenna'],
    family: ['Ashdown', 'Brandt', 'Corvi', 'Dahl', 'Eskola', 'Farrow', 'Gable', 'Holt'],
    blank: ' ',
  },
  {
    given: ['Siobhán', "Ma'ayan", 'José-Luis', 'Þóra', 'Łucja', 'Đặng', 'J. P.'],
    family: ["O'Dea", "D'Août", 'Nuñez y Paz', 'Müller-Lüdenscheidt', 'Nguyễn', "N'Golo", 'Ó Súilleabháin'],
    blank: ' ',
  },
  {
    given: ['Анна', 'Дмитро', 'Ђорђе', 'Юлія'],
    family: ['Кириленко', 'Мельничук', 'Петрова', 'Знам’янська'],
    blank: ' ',
  },
  { given: ['Ελένη', 'Γιώργος', 'Ζωή'], family: ['Παπαδοπούλου', 'Βλάχος', 'Καλογερόπουλος'], blank: ' ' },
  { given: ['伟', '小明', '秀英'], family: ['王', '欧阳', '諸葛'], blank: '' },
  { given: ['太郎', 'さくら', 'ケンジ'], family: ['山田', '佐々木', '髙橋'], blank: ' ' },
  { given: ['فاطمة', 'محمد', 'نور'], family: ['الزهراء', 'بن سلمان', 'حدّاد'], blank: ' ' },
  { given: ['דוד', 'רחל', 'יעל'], family: ['כהן', 'בן־דוד', "צ'רניחובסקי"], blank: ' ' },
  { given: ['अनिता', 'राहुल'], family: ['शर्मा', 'त्रिपाठी'], blank: ' ' },
  { given: ['สมชาย', 'กิตติ'], family: ['ใจดี', 'รัตนวงศ์'], blank: ' ' },
  { given: ['Suharto', 'X', 'Æ'], family: [''], blank: '' },
];

/** Signs that a name may hold and that Markdown, HTML, YAML, a shell or a spreadsheet reads as something else. */
const signs = [
  "O'Neil",
  '"Red" Ltd',
  'A & B',
  'A | B',
  '[x](y)',
  '*bold*',
  '_under_',
  '~~gone~~',
  '1. One',
  '# One',
  '!now',
  'a: b',
  '100%',
  'a;b',
  '(x)',
  'x?',
  'no',
  'null',
  '1e3',
  '&amp;',
  '^up^',
  'a/b',
  '~home',
  ':::note',
  '😀 & Co',
];

/** A name of `most` characters, in words and in one. */
const long = (tape: Tape, most: number): string => {
  const part = tape.of(['Consolidated ', 'Donaudampfschifffahrts', 'Общество ', '有限会社']);
  return part.repeat(most).slice(0, most).trim();
};

/** The name of a person, a different one for each number. */
export function personName(tape: Tape, number: number): string {
  const { given, family, blank } = tape.of(scripts);
  const name = [given[number % given.length], family[Math.floor(number / given.length) % family.length]]
    .filter(Boolean)
    .join(blank);
  const kind = tape.upTo(12);
  if (kind === 11) return `${number} ${long(tape, 110)}`;
  if (kind === 10) return `${tape.of(signs)} ${number}`;
  // Two people of one name are told apart by a number, as in a company's directory.
  const turn = Math.floor(number / Math.max(1, given.length * family.length));
  return turn === 0 && number < given.length * family.length ? name : `${name} ${number}`;
}

/** One line of text that means `what`, as somebody would write it. */
export function textOf(tape: Tape, what: string, most = 120): string {
  const kind = tape.upTo(12);
  if (kind === 11) return long(tape, most);
  if (kind >= 8) return `${what} ${tape.of(signs)}`.slice(0, most).trim();
  if (kind >= 6) return `${what} ${personName(tape, 1)}`.slice(0, most).trim();
  return what;
}

/** A short lower-case name, of at most 63 characters. */
export function slugOf(tape: Tape, what: string, number: number): string {
  const kind = tape.upTo(8);
  if (kind === 7) return `${what}-${number}-${'very-long-name-'.repeat(5)}`.slice(0, 63);
  if (kind === 6) return `${what}${number}`;
  return `${what}-${number}`;
}

/** One of the ways to write a key's name with the signs that the vendor allows, short or as long as allowed. */
export function keyName(tape: Tape, number: number, allowed: string, most: number): string {
  const base = `masterkey-shard-${number}`;
  const kind = tape.upTo(8);
  if (kind === 7) return `${base}${'x'.repeat(most)}`.slice(0, most);
  if (kind >= 5)
    return [...allowed].map((sign) => `k${sign}`).join('') + (allowed.includes('_') ? '_' : 'K') + number;
  return base;
}
