/** A sample of generated deployments is followed to the end: their ceremony, a recovery, a change and an emergency. GENERATED_DRILLS says how many. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drafts, fileOf } from '../generated/deployments';

const root = resolve(__dirname, '../..');
const shared = ['docs', 'src', 'scripts', 'static', 'package.json', 'node_modules'];
const lists = ['issued-steps.json', 'mutants-allowed.yaml'].map((name) => `tests/fixtures/${name}`);

function tabletop(folder: string, ...words: string[]) {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const main = join(root, 'scripts/tabletop/main.ts');
  const child = spawnSync(process.execPath, [tsx, main, ...words, '--root', folder], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: child.status, out: `${child.stdout}\n${child.stderr}` };
}

const sample = fc.sample(drafts(4), {
  numRuns: Number(process.env.GENERATED_DRILLS ?? 1),
  seed: Number(process.env.GENERATED_SEED ?? 21),
});

test.each(
  sample.map(
    (draft) => [`${draft.threshold} of ${draft.shards}, ${draft.providers.join(', ')}`, draft] as const,
  ),
)('is drilled: %s', (_, draft) => {
  const folder = mkdtempSync(join(tmpdir(), 'generated-'));
  try {
    mkdirSync(join(folder, 'tests/fixtures'), { recursive: true });
    for (const name of [...shared, ...lists]) symlinkSync(join(root, name), join(folder, name));
    writeFileSync(join(folder, 'deployment.yaml'), fileOf(draft));
    const made = tabletop(folder, 'fixture');
    expect(made.out, fileOf(draft)).toMatch(/tests\/fixtures\/tabletop: stored/);
    const pages = ['emergency/unseal', 'emergency/log-gap', 'lifecycle/reshare'];
    const { out } = tabletop(folder, '--brief', ...pages.flatMap((text) => ['--only', text]));
    expect(out.trimEnd().split('\n').at(-1), `${out.slice(-3000)}\n${fileOf(draft)}`).toMatch(
      /^[1-9]\d* passed, 0 failed$/,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
