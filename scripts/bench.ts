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
  /** Needs the network, so it is not part of "everything". */
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
    name: 'lighthouse',
    what: 'scores of every type of page; fetches Lighthouse, so only when asked for',
    file: 'scripts/bench/lighthouse.ts',
    quick: ['start', 'procedure', 'math and calculator'],
    onlyByName: true,
  },
];

const USAGE = `npm run bench -- [--quick] [NAME …]

${BENCHES.map(({ name, what }) => `  ${name.padEnd(10)} ${what}`).join('\n')}

Without a name, everything; that takes some ten minutes on two idle cores. --quick measures smaller cases.
`;

function main(argv: readonly string[]): number {
  const quick = argv.includes('--quick');
  const names = argv.filter((word) => word !== '--quick');
  if (names.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = names.find((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown !== undefined) {
    const known = BENCHES.map(({ name }) => name).join(', ');
    process.stderr.write(`bench: error: nothing is called "${unknown}"\nbench: hint: there are ${known}\n`);
    return 2;
  }
  const chosen = BENCHES.filter(({ name, onlyByName = false }) =>
    names.length === 0 ? !onlyByName : names.includes(name),
  );
  const failed: string[] = [];
  for (const [index, { name, what, file, args = [], quick: small = args }] of chosen.entries()) {
    process.stdout.write(`\n[${index + 1}/${chosen.length}] ${name}: ${what}\n`);
    const { status } = spawnSync(process.execPath, [TSX, join(ROOT, file), ...(quick ? small : args)], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) failed.push(name);
  }
  if (failed.length === 0) return 0;
  process.stderr.write(
    `\nbench: error: no result from ${failed.join(', ')}\nbench: hint: the lines above say why\n`,
  );
  return 1;
}

process.exitCode = main(process.argv.slice(2));
