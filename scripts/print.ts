/** `npm run print`: the print pack from build/: a PDF a procedure, one a form, one book, on A4 or Letter, and SHA256SUMS. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { NoBrowserError } from './browser';
import { makePack, PrintError } from './print/pack';
import { type Paper, papers } from './print/press';

const ROOT = resolve(__dirname, '..');
const USAGE = `usage: npm run print [-- --paper a4|letter|both] [--site FOLDER] [--out FOLDER]

Prints the built site (build/) into print/: a PDF for each procedure and form, the book of all pages, SHA256SUMS.
A4 unless another paper is asked for. Each PDF is read back and compared with its page; a pack that lacks a step,
a command or a footer is not made.
The same build gives the same bytes on every run.`;

async function main(): Promise<void> {
  const started = Date.now();
  try {
    const { values } = parseArgs({
      options: {
        paper: { type: 'string', default: 'a4' },
        site: { type: 'string', default: join(ROOT, 'build') },
        out: { type: 'string', default: join(ROOT, 'print') },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      return;
    }
    const known = Object.keys(papers) as Paper[];
    const sizes = values.paper === 'both' ? known : known.filter((paper) => paper === values.paper);
    if (sizes.length === 0) {
      throw new PrintError(
        `--paper: expected a4, letter or both, got ${values.paper}`,
        'npm run print -- --help',
      );
    }
    if (!existsSync(join(values.site, 'index.html'))) {
      throw new PrintError(`there is no built site in ${values.site}`, 'run "npm run build" first');
    }
    const count = await makePack(resolve(values.site), resolve(values.out), sizes);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`print: ${count} PDFs in ${values.out} in ${seconds} s\n`);
  } catch (error) {
    const { message, hint, code } = error as PrintError & { code?: string };
    const isKnown =
      error instanceof PrintError || error instanceof NoBrowserError || error instanceof RangeError;
    if (!isKnown && code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    process.stderr.write(`print: error: ${message.split('\n')[0]}\n`);
    process.stderr.write(`print: hint: ${hint ?? 'npm run print -- --help shows what there is'}\n`);
    process.exitCode = 1;
  }
}

void main();
