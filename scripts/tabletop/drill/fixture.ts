/** Stores the world that the ceremony's own pages have made, as the TEST fixture of every other drill. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrillPostgres } from '../../providers/postgres/engine';
import { standIns } from '../../providers/stand-ins';
import type { Sandbox } from '../machine/sandbox';
import { dumpRegistry, fixtureFolder, kitFiles } from '../world/worlds';

const all = Object.values(standIns);
/** Parts of the home that a later operator has too. */
const keptHome = ['recovery-kit', ...all.flatMap(({ logins }) => logins), '.pg_service.conf'];
/** State of the providers; sockets and faults belong to one run. */
const keptWorld = [...all.map(({ state }) => `${state.name}.json`), 'postgres.json', 'safes'];

const readme = `# TEST ONLY

A TEST set, made by \`npm run tabletop -- fixture\`: the pages of the ceremony were followed step by step with stand-ins
for the providers. Keys, tokens and PINs in here are made up by that run and open nothing else. \`sss\` refuses this set
outside a drill.
`;

/** Replaces the fixture by what a sandbox holds. The folder changes as a whole or not at all. */
export async function storeFixture(root: string, sandbox: Sandbox, postgres: DrillPostgres): Promise<void> {
  const target = fixtureFolder(root);
  const draft = `${target}.draft`;
  rmSync(draft, { recursive: true, force: true });
  const copy = (from: string, to: string, names: readonly string[]) => {
    mkdirSync(join(draft, to), { recursive: true });
    for (const name of names) {
      cpSync(join(from, name), join(draft, to, name), { recursive: true, force: true, errorOnExist: false });
    }
  };
  const present = (folder: string, names: readonly string[]) =>
    names.filter((name) => existsSync(join(folder, name)));
  copy(sandbox.home, 'home', present(sandbox.home, keptHome));
  // Every drill takes these from static/.
  for (const name of kitFiles) rmSync(join(draft, 'home', 'recovery-kit', name), { force: true });
  copy(sandbox.world, 'world', present(sandbox.world, keptWorld));
  writeFileSync(join(draft, 'registry.json'), `${JSON.stringify(await dumpRegistry(postgres), null, 1)}\n`);
  writeFileSync(join(draft, 'README.md'), readme);
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
}
