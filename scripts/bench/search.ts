/** How long one keystroke in the search box takes: every prefix of every heading, against the index of the built site. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepare, rank, type Section } from '../../src/client/rank';

const FILE = join(resolve(__dirname, '../..'), 'build/search-index.js');

/** A frame of a screen with 60 pictures a second. */
const FRAME = 1000 / 60;

if (existsSync(FILE)) {
  const script = readFileSync(FILE, 'utf8');
  const sections = JSON.parse(script.slice(script.indexOf('=') + 1, script.lastIndexOf(';'))) as Section[];
  const index = prepare(sections);
  const prefixes = sections.flatMap(({ heading }) =>
    Array.from(heading, (_, at) => heading.slice(0, at + 1)),
  );
  const times = prefixes.map((prefix) => {
    const started = performance.now();
    rank(index, prefix);
    return performance.now() - started;
  });
  times.sort((a, b) => a - b);
  const figure = (share: number) => `${(times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2)} ms`;
  process.stdout.write(
    `${sections.length} sections, ${times.length} keystrokes: median ${figure(0.5)}, 99 of 100 within ${figure(0.99)}, longest ${figure(1)}\n`,
  );
  process.stdout.write(`wanted: 99 of 100 within two frames, ${(2 * FRAME).toFixed(0)} ms\n`);
} else {
  process.stderr.write(`bench: error: there is no ${FILE}\nbench: hint: run "npm run build" first\n`);
  process.exitCode = 1;
}
