/** `npm run adopt` on a real pseudo-terminal (`script` of util-linux), with somebody who types an answer to each question. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');
const tsx = join(project, 'node_modules/tsx/dist/cli.mjs');

/** What is typed at questions that a pattern fits: several texts for one question come one after the other. */
export type Typed = readonly (readonly [question: RegExp, ...texts: string[]])[];

/** Somebody who types; a question that no pattern fits, or whose texts are used up, gets an empty line. */
export class Typist {
  readonly #left: { readonly question: RegExp; readonly texts: string[] }[];

  constructor(typed: Typed) {
    this.#left = typed.map(([question, ...texts]) => ({ question, texts }));
  }

  /** Answers these questions first from now on. */
  first(typed: Typed): this {
    this.#left.unshift(...typed.map(([question, ...texts]) => ({ question, texts })));
    return this;
  }

  answer(question: string): string {
    const found = this.#left.find(({ question: asked, texts }) => texts.length > 0 && asked.test(question));
    return found?.texts.shift() ?? '';
  }
}

/** Ctrl+C and Ctrl+D as a terminal sends them. */
export const interrupt = '\x03';
export const endOfInput = '\x04';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const escapes = /\x1b\[[0-9;?]*[A-Za-z]/g;

/** Adopts on a terminal; after `limit` questions it stops with Ctrl+C. */
export function adopt(
  root: string,
  typist: Typist,
  limit = 150,
): Promise<{ readonly code: number | null; readonly shown: string }> {
  const command = [process.execPath, tsx, join(project, 'scripts/adopt/main.ts'), '--root', root]
    .map((word) => `'${word}'`)
    .join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm', COLUMNS: '400' },
  });
  let shown = '';
  let answered = 0;
  let questions = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8').replace(escapes, '').replaceAll('\r', '');
    const question = shown.slice(answered).split('\n').at(-1) ?? '';
    // A question ends with a colon and a blank, and nothing was typed after it yet.
    if (!/\S: $/.test(question)) return;
    answered = shown.length;
    const text = ++questions > limit ? interrupt : typist.answer(question);
    child.stdin.write(text === interrupt || text === endOfInput ? text : `${text}\r`);
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code, shown }));
  });
}
