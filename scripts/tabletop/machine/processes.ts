/** Finds and ends every process that a drill's shell has started: by session, group, HOME, working folder and open files (proc(5)). */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FoundProcess {
  readonly pid: number;
  /** Name of the program, without its arguments: those may hold what must not be printed. */
  readonly name: string;
}

/** What marks a process as one of the shell's. The folders are used by nothing else. */
export interface Mark {
  /** Id of the shell, which leads its session and process group. */
  readonly group: number;
  readonly home: string;
  /** When the shell was started, as `startOf` tells: what is older is none of its processes. */
  readonly since?: number;
  /** Folder of the block files; a process that holds one of its outputs open belongs to the shell. */
  readonly folder: string;
}

const quietly = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};

/** Time at which a process was started, in ticks since the machine was; 0 where that is not told. */
export function startOf(pid: number): number {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
}

const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

function procProcess(pid: number, mark: Mark): FoundProcess | undefined {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const [state, , group, session] = fields;
  if (end < 0 || state === 'Z' || state === 'X' || Number(fields[19]) < (mark.since ?? 0)) return undefined;
  const belongs =
    Number(group) === mark.group ||
    Number(session) === mark.group ||
    quietly(() => readFileSync(`/proc/${pid}/environ`, 'utf8'), '')
      .split('\0')
      .includes(`HOME=${mark.home}`) ||
    isInside(
      quietly(() => readlinkSync(`/proc/${pid}/cwd`), ''),
      mark.home,
    ) ||
    quietly(() => readdirSync(`/proc/${pid}/fd`), []).some((fd) =>
      isInside(
        quietly(() => readlinkSync(`/proc/${pid}/fd/${fd}`), ''),
        mark.folder,
      ),
    );
  return belongs ? { pid, name: stat.slice(stat.indexOf('(') + 1, end) } : undefined;
}

/** Without /proc only the group and its ids can be seen. */
function psProcesses(mark: Mark): FoundProcess[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat=,comm='], { encoding: 'utf8' }).split('\n');
  return rows.flatMap((row) => {
    const [pid, group, state, ...name] = row.trim().split(/\s+/);
    if (Number(group) !== mark.group || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), name: name.join(' ') }];
  });
}

/** The living processes that bear the mark, this one and the spared one aside. */
export function findProcesses(mark: Mark, spared?: number): FoundProcess[] {
  const names = quietly(() => readdirSync('/proc'), []).filter((name) => /^\d+$/.test(name));
  if (names.length === 0) return psProcesses(mark).filter(({ pid }) => pid !== spared);
  const pids = names.map(Number).filter((pid) => pid !== process.pid && pid !== spared);
  return pids.flatMap((pid) => procProcess(pid, mark) ?? []);
}

/** Kills until nothing that bears the mark lives, the spared one aside. Throws when something survives `seconds`. */
export async function killProcesses(
  mark: Mark,
  { seconds = 5, spared }: { readonly seconds?: number; readonly spared?: number | undefined } = {},
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    if (spared === undefined) quietly(() => process.kill(-mark.group, 'SIGKILL'), false);
    const found = findProcesses(mark, spared);
    if (found.length === 0) return;
    for (const { pid } of found) quietly(() => process.kill(pid, 'SIGKILL'), false);
    if (performance.now() > end) {
      throw new Error(`cannot end ${found.map(({ pid, name }) => `${name} (${pid})`).join(', ')}`);
    }
    await sleep(5);
  }
}
