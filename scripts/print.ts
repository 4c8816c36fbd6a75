/** `npm run print`: the print pack from build/: a PDF a procedure, one a form, one book, on A4 or Letter, and SHA256SUMS. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { NoBrowserError } from './common/browser';
import { printError, printOut } from './common/terminal';
import { linkPack, PACK } from './print/link';
import { makePack, PrintError } from './print/pack';
import { type Paper, papers } from './print/press';

const ROOT = resolve(__dirname, '..');
const USAGE = `usage: npm run print [-- --paper a4|letter|both] [--site FOLDER] [--out FOLDER | --link]
                             [--fonts FOLDER]

Prints the built site (build/) into print/: a PDF for each procedure and form, the book of all pages, SHA256SUMS.
A4 unless another paper is asked for. Each PDF is read back and compared with its page; a pack that lacks a step,
a command or a footer is not made.
With --link the pack goes into the site, as print/ beside its pages, and the pages link it.
The same build gives the same bytes on every run, whatever fonts the machine has: the pack is drawn with DejaVu, which
comes with the packages. It has no Chinese, Japanese or Korean, for example: --fonts names a folder with further fonts.`;

async function main(): Promise<void> {
  const started = Date.now();
  try {
    const { values } = parseArgs({
      options: {
        paper: { type: 'string', default: 'a4' },
        site: { type: 'string', default: join(ROOT, 'build') },
        out: { type: 'string' },
        link: { type: 'boolean', default: false },
        fonts: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      printOut(`${USAGE}\n`);
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
    if (values.link && values.out !== undefined) {
      throw new PrintError(
        '--link puts the pack into the site, so --out has no place',
        'npm run print -- --help',
      );
    }
    if (values.fonts !== undefined && !existsSync(values.fonts)) {
      throw new PrintError(`--fonts: there is no folder ${values.fonts}`, 'npm run print -- --help');
    }
    const site = resolve(values.site);
    const out = values.link ? join(site, PACK) : resolve(values.out ?? join(ROOT, 'print'));
    const count = await makePack(site, out, sizes, values.fonts);
    const linked = values.link ? `, linked from ${linkPack(site)} pages` : '';
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    printOut(`print: ${count} PDFs in ${out} in ${seconds} s${linked}\n`);
  } catch (error) {
    const { message, hint, code } = error as PrintError & { code?: string };
    const isKnown =
      error instanceof PrintError || error instanceof NoBrowserError || error instanceof RangeError;
    if (!isKnown && code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    printError(`print: error: ${message.split('\n')[0]}\n`);
    printError(`print: hint: ${hint ?? 'npm run print -- --help shows what there is'}\n`);
    process.exitCode = 1;
  }
}

void main();
