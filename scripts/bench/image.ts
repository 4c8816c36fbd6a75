/** What the image of the room's machine costs: its bytes, the time to its first prompt, and the memory that is used by then. Builds it where it is not there. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { devices, MEMORY, startVm, vmUnavailable } from '../tabletop/vm/machine';
import { openSerialShell, startOnSerialLine } from '../tabletop/vm/serial';
import { type Figure, figureLine, kept, memoryUsed, promised } from './image-figures';

const ROOT = resolve(__dirname, '../..');

/** The image in its usual place, built where it is not there. Throws RangeError when that fails; the lines above say why. */
function usualImage(): string {
  const image = join(ROOT, 'build-image/room.iso');
  if (existsSync(image)) return image;
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const { status } = spawnSync(process.execPath, [tsx, join(ROOT, 'scripts/image/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new RangeError('there is no image, and it does not build');
  return image;
}

/** Starts the image once. Returns seconds from power to prompt and MiB in use there. */
async function measure(image: string): Promise<{ seconds: number; mebibytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'image-bench-'));
  const powered = performance.now();
  const vm = await startVm(devices.bootStick(image), join(folder, 'vm'));
  try {
    await startOnSerialLine(vm);
    const seconds = (performance.now() - powered) / 1000;
    const [name] = /Room of the [^\r\n]+/.exec(vm.shown()) ?? [];
    if (name !== undefined) process.stdout.write(`${name}\n`);
    const shell = await openSerialShell(vm);
    const { output } = await shell.run({ id: 'memory', text: 'cat /proc/meminfo', timeoutSeconds: 60 });
    return { seconds, mebibytes: memoryUsed(output, MEMORY) };
  } finally {
    await vm.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(file?: string): Promise<void> {
  const image = file === undefined ? usualImage() : resolve(process.env.INIT_CWD ?? '.', file);
  if (!existsSync(image)) throw new RangeError(`${file}: there is no image`);
  const figures: Figure[] = [];
  const show = (figure: Figure) => {
    figures.push(figure);
    process.stdout.write(figureLine(figure));
  };
  show(promised.bytes(statSync(image).size));
  const missing = vmUnavailable();
  if (missing === undefined) {
    const [load = 0] = loadavg();
    const { seconds, mebibytes } = await measure(image);
    show(promised.start(seconds));
    show(promised.memory(mebibytes));
    process.stdout.write(
      `load of this machine before: ${load.toFixed(1)}; the time is promised for an idle one\n`,
    );
  } else process.stdout.write(`not measured: ${missing}; unproved: time to the prompt, and memory there\n`);
  const broken = figures.filter((figure) => !kept(figure));
  if (broken.length > 0)
    throw new RangeError(`not as promised: ${broken.map(({ what }) => what).join('; ')}`);
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`image: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
});
