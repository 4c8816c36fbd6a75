/** `npm run bench`: measures what the project promises about speed, each part in a process of its own, and prints the ratios. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const TSX = createRequire(__filename).resolve('tsx/cli');

interface Bench {
  readonly name: string;
  readonly what: string;
  readonly file: string;
  readonly args?: readonly string[];
  readonly quick?: readonly string[];
  /** What may follow its name, as it stands in the usage. */
  readonly takes?: string;
  /** Needs the network or an earlier run, so it is not part of "everything". */
  readonly onlyByName?: boolean;
}

const BENCHES: readonly Bench[] = [
  {
    name: 'sss',
    what: 'a recovery beside starting Node at all; the largest sets',
    file: 'scripts/sss/bench.ts',
  },
  { name: 'quorum', what: 'the mathematics of 255 shards in 16 domains', file: 'scripts/bench/quorum.ts' },
  {
    name: 'audit',
    what: 'a trail of a million records beside sha256sum and JSON.parse',
    file: 'scripts/audit/bench.ts',
    quick: ['100000'],
  },
  {
    name: 'verify',
    what: 'the same trail on the page of the built site, and whether the page answers meanwhile',
    file: 'scripts/audit/bench-site.ts',
    quick: ['100000'],
  },
  {
    name: 'drill',
    what: 'is the drill linear in its scenarios',
    file: 'scripts/bench/drill.ts',
    args: ['16', '32', '64'],
    quick: ['4', '8', '16'],
  },
  {
    name: 'site',
    what: 'is the build linear in its pages',
    file: 'scripts/bench/site.ts',
    args: ['50', '200', '800'],
    quick: ['10', '40'],
  },
  {
    name: 'search',
    what: 'one keystroke in the search box of the built site',
    file: 'scripts/bench/search.ts',
  },
  {
    name: 'image',
    what: 'size, start and memory of the image of the room, or of FILE; it is built where there is none',
    file: 'scripts/bench/image.ts',
    takes: 'FILE',
    onlyByName: true,
  },
  {
    name: 'tests',
    what: 'where the time of the last npm test went, or that of files that are named',
    file: 'scripts/bench/tests.ts',
    takes: 'FILE …',
    onlyByName: true,
  },
  {
    name: 'lighthouse',
    what: 'scores of every type of page; fetches Lighthouse, so only when asked for',
    file: 'scripts/bench/lighthouse.ts',
    quick: ['start', 'procedure', 'math and calculator'],
    takes: 'TYPE …',
    onlyByName: true,
  },
];

const USAGE = `npm run bench -- [--quick] [NAME …]

${BENCHES.map(({ name, what, takes = '' }) => `  ${`${name} ${takes}`.padEnd(18)} ${what}`).join('\n')}

Without a name, everything; that takes some ten minutes on two idle cores. --quick measures smaller cases.
`;

/** The benches that are named, each with the words behind it that are its own; or the word that is nobody's. */
function chosenBy(words: readonly string[]): Map<Bench, string[]> | string {
  const chosen = new Map<Bench, string[]>();
  let last: Bench | undefined;
  for (const word of words) {
    const named = BENCHES.find(({ name }) => name === word);
    if (named !== undefined) {
      last = named;
      chosen.set(named, []);
    } else if (last?.takes !== undefined) chosen.get(last)?.push(word);
    else return word;
  }
  if (words.length > 0) return chosen;
  return new Map(BENCHES.filter(({ onlyByName = false }) => !onlyByName).map((bench) => [bench, []]));
}

function main(argv: readonly string[]): number {
  const quick = argv.includes('--quick');
  const words = argv.filter((word) => word !== '--quick');
  if (words.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const chosen = chosenBy(words);
  if (typeof chosen === 'string') {
    const known = BENCHES.map(({ name }) => name).join(', ');
    process.stderr.write(`bench: error: nothing is called "${chosen}"\nbench: hint: there are ${known}\n`);
    return 2;
  }
  const failed: string[] = [];
  for (const [index, [bench, own]] of [...chosen].entries()) {
    const { name, what, file, args = [], quick: small = args } = bench;
    process.stdout.write(`\n[${index + 1}/${chosen.size}] ${name}: ${what}\n`);
    const given = own.length > 0 ? own : quick ? small : args;
    const { status } = spawnSync(process.execPath, [TSX, join(ROOT, file), ...given], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) failed.push(name);
  }
  if (failed.length === 0) return 0;
  process.stderr.write(
    `\nbench: error: no result, or not the one that is promised: ${failed.join(', ')}\nbench: hint: the lines above say why\n`,
  );
  return 1;
}

process.exitCode = main(process.argv.slice(2));
