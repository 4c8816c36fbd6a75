/** `npm run tabletop -- room`: boots the image of the room's machine and follows the pages of the ceremony in it, from preflight to wipe. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../../../src/deployment/deployment';
import type { Procedure } from '../../../src/procedure/compile';
import { isDone } from '../../../src/procedure/steps/step';
import type { Setting } from '../plan/setting';
import { noticed, refusedAtStart } from './checks';
import { devices, firmwareVariables, secureBoot, startVm, type Vm } from './machine';
import { makeStick, readStick } from './media';
import { Operator } from './operator';
import { openSerialShell, startOnSerialLine } from './serial';
import { makeProviderKeys, type OpenedSet, openSetOf, type ProviderKeys, secretsIn } from './set';
import { Tally } from './tally';

/** What a run has. */
interface Run {
  readonly iso: string;
  /** Private folder. */
  readonly folder: string;
  readonly deployment: Deployment;
  readonly page: (prefix: string) => Procedure;
  readonly keys: ProviderKeys;
  readonly tally: Tally;
}

/** Seconds within which a machine that is told to switch off is off. */
const OFF_SECONDS = 60;

async function mustBeOff(vm: Vm, what: string, tally: Tally): Promise<void> {
  const off = await Promise.race([vm.off.then(() => true), sleep(OFF_SECONDS * 1000, false)]);
  tally.add(what, off ? undefined : `still on after ${OFF_SECONDS} s`);
}

/** The medium with the public keys, as the page on provider keys leaves it. */
function makeMedium({ folder, keys }: Run, name: string): string {
  const file = join(folder, name);
  makeStick(file, 'CEREMONY', keys.publicPem, folder);
  return file;
}

/** Starts the image from a stick, with the ceremony medium, and takes the stick out. */
async function started(run: Run, medium: string, bindings: Map<string, string>) {
  const vm = await startVm(
    [...devices.bootStick(run.iso), ...devices.stick('ceremony', medium)],
    join(run.folder, 'vm'),
  );
  const seconds = await startOnSerialLine(vm);
  const operator = new Operator(await openSerialShell(vm), run.tally, bindings, run.folder);
  // Makes a TEST set of whatever follows.
  await operator.type('export SSS_TEST=1');
  return { vm, seconds, operator };
}

/** The day before: the machine is asked, its preflight and the kit are judged, and it is switched off. */
async function dayBefore(run: Run, medium: string): Promise<void> {
  const { tally } = run;
  const page = run.page('SAN');
  const { vm, seconds, operator } = await started(run, medium, new Map());
  try {
    tally.add(`BIOS, from a stick: a prompt after ${seconds.toFixed(0)} s`);
    const [refused] = refusedAtStart.exec(vm.shown()) ?? [];
    tally.add('every setting and driver was taken at the start', refused);
    await operator.askPromises();
    const { output } = await operator.type('sss preflight 2> /dev/null | grep "removable media"');
    const left = /^FAIL removable media: sd[a-z].*: not in use, so take it out\n$/.test(output);
    tally.add('a boot medium that is left in is noticed', left ? undefined : output.trim());
    await vm.unplug('bootstick');
    await sleep(3000);
    operator.judgeClean('SAN-06', await operator.preflight(page, 'SAN-06'));
    await operator.type('cd /opt/kit');
    const checks = await operator.excused(page, 'SAN-08');
    const bad = checks.find(({ status }) => status !== 0);
    tally.add(
      'SAN-08: every file of the kit is as its list says',
      bad && `${bad.title}: ${bad.output.trim()}`,
    );
    await operator.type('poweroff');
    await mustBeOff(vm, 'SAN-09: the machine switches off', tally);
  } finally {
    await vm.kill();
  }
}

/** The day: the script to its wipe, with a printer and a scanner that are played; then the memory is searched. */
async function ceremony(run: Run, medium: string): Promise<void> {
  const { tally, folder, keys } = run;
  const { file, steps } = run.page('CER');
  const bindings = new Map<string, string>();
  const { vm, operator } = await started(run, medium, bindings);
  const [before, memory] = [join(folder, 'memory-before'), join(folder, 'memory')];
  try {
    await vm.unplug('bootstick');
    const wanted = steps.filter((step) => isDone(step, {}));
    for (const step of wanted) {
      if (step.log.includes('workspace.wiped')) await vm.dumpMemory(before);
      if (step.act === 'machine-stop') {
        await vm.dumpMemory(memory);
        await operator.type('poweroff');
        await mustBeOff(vm, `${step.id}: the machine switches off`, tally);
      }
      if (vm.isOff()) break;
      // A step that fails leaves nothing to go on with.
      if (!(await operator.step(step))) throw new Error(`${file}: the script stops at ${step.id}`);
    }
    if (!vm.isOff()) throw new Error(`${file}: no step switches the machine off`);
    const set = await judgeMedium(run, medium, bindings, keys);
    // A search that finds nothing at any time has not seen the memory.
    const known = existsSync(before) ? secretsIn(before, set.secrets) : [];
    tally.add(
      'before the wipe a plain shard is in memory',
      known.length > 0 ? undefined : 'the search finds none',
    );
    const found = secretsIn(memory, set.secrets);
    tally.add(
      'after the wipe neither the key nor a share is anywhere in memory',
      found.length > 0 ? found.join(', ') : undefined,
    );
  } finally {
    await vm.kill();
    for (const dump of [before, memory]) rmSync(dump, { force: true });
  }
}

/** What the medium carries out of the room: opened with the providers' keys. */
async function judgeMedium(
  { tally, folder, deployment }: Run,
  medium: string,
  bindings: ReadonlyMap<string, string>,
  keys: ProviderKeys,
): Promise<OpenedSet> {
  const out = join(folder, 'from-medium');
  const names = readStick(medium, out);
  const wrapped = [...keys.privatePem.keys()].map((n) => `shard-${n}.wrapped`);
  const wanted = [...keys.publicPem.keys(), ...wrapped, 'manifest.json', 'preflight.json'].sort();
  const differs = names.join(' ') !== wanted.join(' ');
  tally.add(
    'the medium holds what may leave the room and nothing else',
    differs ? names.join(' ') : undefined,
  );
  const paper = deployment.shards.filter(({ provider }) => provider === 'paper').map(({ n }) => n);
  const set = await openSetOf(out, keys, Operator.printed(folder, paper));
  tally.add('what is on the medium opens with the providers’ keys and gives the key of the manifest');
  const other = [...set.digests].filter(([n, digest]) => bindings.get(`SHA256_WRAPPED_${n}`) !== digest);
  const shownOther = bindings.get('COMMITMENT') !== set.commitment;
  tally.add(
    'digests and commitment on the screen were those on the medium',
    other.length > 0 || shownOther ? 'others' : undefined,
  );
  const { failed } = JSON.parse(readFileSync(join(out, 'preflight.json'), 'utf8')) as { failed: number };
  tally.add('the record of the preflight came out', failed === 0 ? undefined : `${failed} failed`);
  return set;
}

/** One machine with all that must be noticed. Its clock is one hour ahead. */
async function unclean(run: Run): Promise<void> {
  const { tally, folder, iso } = run;
  const [medium, other, disk] = [makeMedium(run, 'ceremony-2'), join(folder, 'other'), join(folder, 'disk')];
  makeStick(other, 'HOLIDAYS', new Map(), folder);
  makeStick(disk, 'OLD', new Map(), folder);
  const vm = await startVm(
    [
      ...[...devices.bootDisc(iso), ...devices.stick('ceremony', medium), ...devices.stick('other', other)],
      ...[...devices.disk(disk), ...devices.networkCard, ...devices.soundCard],
      ...devices.clock(new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)),
    ],
    join(folder, 'vm'),
  );
  try {
    const seconds = await startOnSerialLine(vm);
    tally.add(`BIOS, from a disc: a prompt after ${seconds.toFixed(0)} s`);
    const operator = new Operator(await openSerialShell(vm), tally, new Map(), folder);
    const { lines, status } = await operator.preflight(run.page('SAN'), 'SAN-06');
    tally.add(
      'the preflight of an unclean machine fails',
      status === 1 ? undefined : `it ends with ${status}`,
    );
    for (const { what, line } of noticed)
      tally.add(
        `${what} is noticed`,
        lines.some((found) => line.test(found)) ? undefined : lines.join(' | '),
      );
    const { output } = await operator.type('ls /sys/class/net; swapon /dev/vda 2>&1 | tail -n 1');
    const none = /^lo\n.*not found\n$/.test(output);
    tally.add(
      'no card has become a network interface, and nothing here can switch swap on',
      none ? undefined : output,
    );
  } finally {
    await vm.kill();
  }
}

/** One bit in the middle of the medium is another one. */
async function damaged(run: Run): Promise<void> {
  const { tally, folder } = run;
  const iso = join(folder, 'damaged.iso');
  copyFileSync(run.iso, iso);
  const bytes = readFileSync(iso);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(iso, bytes);
  const vm = await startVm(devices.bootStick(iso), join(folder, 'vm'));
  try {
    const ended = startOnSerialLine(vm, 150).then(
      () => 'it starts',
      (error: Error) => error.message,
    );
    const stopped = async () => {
      while (!/room: the system on the boot medium is damaged/.test(vm.shown())) await sleep(300);
      return undefined;
    };
    tally.add('a medium that is damaged does not start', await Promise.race([stopped(), ended]));
  } finally {
    await vm.kill();
    rmSync(iso);
  }
}

/** The first entry of the menu, as in a real room: with Secure Boot, a screen and a keyboard, and no serial line. */
async function secure(run: Run): Promise<void> {
  const { tally, folder, iso } = run;
  const variables = join(folder, 'variables');
  copyFileSync(firmwareVariables, variables);
  const vm = await startVm([...secureBoot(variables), ...devices.bootStick(iso)], join(folder, 'vm'));
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  try {
    while (!vm.shown().includes('Booting `Room')) {
      if (vm.isOff() || seconds() > 150) throw new Error('UEFI does not start the image');
      await sleep(300);
    }
    // The screen cannot be read here: whoever is heard at the keyboard has a shell.
    while (!vm.isOff() && seconds() < 240) {
      await sleep(5000);
      await vm.press('ret', ...'poweroff', 'ret').catch(() => undefined);
    }
    tally.add(
      `UEFI with Secure Boot, from a stick, on screen and keyboard: off again after ${seconds()} s`,
      vm.isOff() ? undefined : 'nobody answers at the keyboard',
    );
    const spoke = /Room of the|operator@room/.test(vm.shown());
    tally.add('the first entry of the menu says nothing on a serial line', spoke ? 'it speaks' : undefined);
  } finally {
    await vm.kill();
  }
}

/** Boots the image and follows the pages in it; `only`: parts whose name contains it. Returns the exit status. */
export async function room({ deployment, procedures }: Setting, iso: string, only = ''): Promise<number> {
  if (!existsSync(iso)) throw new RangeError(`${iso}: there is no image; npm run image builds it`);
  const tally = new Tally();
  tally.note(`${(statSync(iso).size / 1e6).toFixed(0)} MB, ${iso}`);
  const page = (prefix: string) => {
    const found = procedures.find((procedure) => procedure.page.prefix === prefix);
    if (found === undefined) throw new Error(`no page has the prefix ${prefix}`);
    return found;
  };
  const wrapped = deployment.shards.filter(({ provider }) => provider !== 'paper').map(({ n }) => n);
  const folder = mkdtempSync(join(tmpdir(), 'room-'));
  try {
    const run: Run = { iso, folder, deployment, page, keys: makeProviderKeys(wrapped), tally };
    const medium = makeMedium(run, 'ceremony');
    const parts = [
      ['the day before', () => dayBefore(run, medium)],
      ['the ceremony', () => ceremony(run, medium)],
      ['an unclean machine', () => unclean(run)],
      ['a damaged medium', () => damaged(run)],
      ['UEFI', () => secure(run)],
    ] as const;
    for (const [name, part] of parts) {
      if (!name.includes(only)) continue;
      tally.note(name);
      try {
        await part();
      } catch (error) {
        tally.add(name, (error as Error).message);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tally.close();
}
