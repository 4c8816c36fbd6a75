/** A few workers that share a queue; each has a database of its own, as one engine serves one session at a time. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type DrillPostgres, startPostgres } from '../../providers/postgres/engine';
import { processFile, startRealPostgres } from '../../providers/real/postgresql';
import { unwatch, watch } from '../machine/watchdog';

export interface WorkerDatabase {
  readonly postgres: DrillPostgres;
  readonly postgresSocket: string;
}

/** The engine of the machine, where `real` says so; otherwise the one that comes with the packages. */
async function startDatabase(
  real: boolean,
  socket: string,
  image: Blob | undefined,
): Promise<WorkerDatabase> {
  if (!real) return { postgres: await startPostgres(socket, { image }), postgresSocket: socket };
  const watched = (folder: string) => [{ server: processFile(folder) }, { folder }];
  const postgres = await startRealPostgres((folder) => watched(folder).forEach(watch));
  const close = async () => {
    await postgres.close();
    watched(postgres.folder).forEach(unwatch);
  };
  return { postgres: { ...postgres, close }, postgresSocket: postgres.socket };
}

const modules = resolve(__dirname, '../../../node_modules');

/**
 * File with an image of a new cluster. Several engines start from it in half the time and memory that each needs to make
 * its own. Made by a process of its own, whose code is compiled once and not made fast, and kept for each version of the
 * engine.
 */
export async function clusterImage(): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(join(modules, '@electric-sql/pglite/package.json'), 'utf8'),
  ) as { version: string };
  const cache = join(modules, '.cache/postgres');
  const file = join(cache, `${version}.tar`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const draft = `${file}.${process.pid}`;
    const program = resolve(__dirname, '../../providers/postgres/image.mjs');
    await promisify(execFile)(process.execPath, ['--liftoff-only', program, draft]);
    renameSync(draft, file);
  }
  return file;
}

/** Does `work` for every item, `jobs` at a time, in their order. Results keep the order of the items. */
export async function workThrough<Item, Result>(
  items: readonly Item[],
  jobs: number,
  work: (item: Item, database: WorkerDatabase) => Promise<Result>,
  { realDatabase = false }: { readonly realDatabase?: boolean } = {},
): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tabletop-'));
  watch({ folder });
  const results: Result[] = [];
  let next = 0;
  const worker = async (index: number, image: Blob | undefined) => {
    const database = await startDatabase(realDatabase, join(folder, `${index}.sock`), image);
    try {
      for (let at = next++; at < items.length; at = next++) {
        results[at] = await work(items[at] as Item, database);
      }
    } finally {
      await database.postgres.close();
    }
  };
  try {
    const length = Math.min(jobs, items.length);
    const image = length > 1 && !realDatabase ? new Blob([readFileSync(await clusterImage())]) : undefined;
    await Promise.all(Array.from({ length }, (_, index) => worker(index, image)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    unwatch({ folder });
  }
  return results;
}
