/** `npm run kit`: makes the offline kit and says what to compare. */
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printError, printOut } from '../common/terminal';
import { makeKit } from './kit';
import { buildSite, siteState } from './site';

const ROOT = resolve(__dirname, '../..');

const USAGE = `npm run kit -- [options]

Makes the offline kit: shard tool, second recovery program, SQL, schemas, offline
site, printed edition if print/ is there, bill of materials, licenses, digests.
The site is built first when build/ is missing or older than its sources.

Options:
  --out FOLDER   where the kit goes (default kit/); an older kit there is replaced
  --sign KEY     sign SHA256SUMS with this SSH key, into SHA256SUMS.sig
  --no-site      leave the site out: no build, only tools and lists
  --help         this text

Example:
  npm run kit -- --sign ~/.ssh/id_ed25519
`;

function fail(error: string, hint: string): number {
  printError(`kit: error: ${error}\nkit: hint: ${hint}\n`);
  return 1;
}

/** A digest in groups of four, as it is read aloud. */
const aloud = (digest: string) => (digest.match(/.{4}/g) ?? []).join(' ');

async function main(argv: readonly string[]): Promise<number> {
  let values: { out?: string; sign?: string; 'no-site'?: boolean; help?: boolean };
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        out: { type: 'string' },
        sign: { type: 'string' },
        'no-site': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    fail((error as Error).message.split('\n')[0] ?? '', 'npm run kit -- --help shows what there is');
    return 2;
  }
  if (values.help) {
    printOut(USAGE);
    return 0;
  }
  // Folders are meant as seen from where npm was called.
  const from = process.env.INIT_CWD ?? process.cwd();
  const out = values.out === undefined ? resolve(ROOT, 'kit') : resolve(from, values.out);
  const site = !values['no-site'];
  const say = (message: string) => printOut(`kit: ${message}\n`);
  if (site) {
    const state = siteState(ROOT);
    if (state !== 'fresh') {
      say(
        state === 'missing'
          ? 'building the site: there is no build/'
          : 'building the site: its sources changed',
      );
      if (!buildSite(ROOT))
        return fail('the site did not build', 'the lines above name the reason; --no-site leaves it out');
    }
  }
  try {
    const sign = values.sign === undefined ? {} : { sign: resolve(from, values.sign) };
    const { digest, files, missing } = await makeKit({ root: ROOT, out, site, ...sign, progress: say });
    for (const { part, make } of missing) say(`not in it: ${part} (made by ${make})`);
    say(`${relative(from, out) || '.'}: ${files} files`);
    say('SHA-256 of SHA256SUMS, to be written down and read aloud by two people:');
    printOut(`${digest}\n${aloud(digest)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof RangeError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    return fail(
      (error as Error).message,
      'nothing was left behind; npm run kit -- --help explains the options',
    );
  }
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
