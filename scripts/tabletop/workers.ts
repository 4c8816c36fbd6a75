/** A few workers that share a queue; each has a database of its own, as one engine serves one session at a time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DrillPostgres, startPostgres } from '../providers/postgres';
import { processFile, startRealPostgres } from '../providers/real/postgresql';
import { unwatch, watch } from './watchdog';

export interface WorkerDatabase {
  readonly postgres: DrillPostgres;
  readonly postgresSocket: string;
}

/** The engine of the machine, where `real` says so; otherwise the one that comes with the packages. */
async function startDatabase(
  real: boolean,
  socket: string,
  images: Blob[] | undefined,
): Promise<WorkerDatabase> {
  if (!real) {
    const [image] = images ?? [];
    const onFresh = image === undefined && images ? (made: Blob) => images.push(made) : undefined;
    return { postgres: await startPostgres(socket, { image, onFresh }), postgresSocket: socket };
  }
  const watched = (folder: string) => [{ server: processFile(folder) }, { folder }];
  const postgres = await startRealPostgres((folder) => watched(folder).forEach(watch));
  const close = async () => {
    await postgres.close();
    watched(postgres.folder).forEach(unwatch);
  };
  return { postgres: { ...postgres, close }, postgresSocket: postgres.socket };
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
  // An engine needs the most memory while it makes its cluster: one does, and the others start from its image.
  const images: Blob[] | undefined = Math.min(jobs, items.length) > 1 ? [] : undefined;
  let started: Promise<unknown> = Promise.resolve();
  const worker = async (index: number) => {
    const starting = started.then(() => startDatabase(realDatabase, join(folder, `${index}.sock`), images));
    started = starting.catch(() => undefined);
    const database = await starting;
    try {
      for (let at = next++; at < items.length; at = next++) {
        results[at] = await work(items[at] as Item, database);
      }
    } finally {
      await database.postgres.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, (_, index) => worker(index)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    unwatch({ folder });
  }
  return results;
}
