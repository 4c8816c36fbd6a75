/** A machine in QEMU without a network card, made of software alone: what is plugged in, its keyboard, its serial line, its memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTool, lookUpTool } from '../machine/tools';

const QEMU = 'qemu-system-x86_64';
/** Where Debian's package ovmf has a firmware with Secure Boot switched on, and its variables with the usual keys. */
const FIRMWARE = '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd';
const VARIABLES = '/usr/share/OVMF/OVMF_VARS_4M.ms.fd';

/** Why no such machine can be started here, with the remedy, or undefined. */
export function vmUnavailable(): string | undefined {
  const missing = [
    ...(lookUpTool(QEMU) === undefined ? ['qemu-system-x86'] : []),
    ...(existsSync(FIRMWARE) && existsSync(VARIABLES) ? [] : ['ovmf']),
    ...(lookUpTool('mformat') === undefined ? ['mtools'] : []),
  ];
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

/** Words for a drive of a file that the machine cannot write to. */
const readOnly = (id: string, file: string) => `if=none,id=${id},file=${file},format=raw,readonly=on`;

/** Devices, in QEMU's words. */
export const devices = {
  /** The image on a stick, from which the machine starts. */
  bootStick: (iso: string) => [
    ...['-device', 'qemu-xhci,id=usb', '-drive', readOnly('boot', iso)],
    ...['-device', 'usb-storage,id=bootstick,bus=usb.0,drive=boot,removable=on,bootindex=0'],
  ],
  /** The image on a disc. */
  bootDisc: (iso: string) => [
    ...['-device', 'qemu-xhci,id=usb', '-drive', readOnly('boot', iso)],
    ...['-device', 'ide-cd,drive=boot,bootindex=0'],
  ],
  /** Another stick, which can be written to. */
  stick: (id: string, file: string) => [
    ...['-drive', `if=none,id=${id},file=${file},format=raw`],
    ...['-device', `usb-storage,id=${id}stick,bus=usb.0,drive=${id},removable=on`],
  ],
  disk: (file: string) => ['-drive', `if=virtio,file=${file},format=raw`],
  networkCard: ['-netdev', 'user,id=net,restrict=on', '-device', 'e1000,netdev=net'],
  soundCard: ['-device', 'intel-hda', '-device', 'hda-micro'],
  clock: (time: string) => ['-rtc', `base=${time}`],
};

/** A machine with UEFI and Secure Boot instead of a BIOS; its variables are a copy in `folder`. */
export const secureBoot = (variables: string): string[] => [
  ...['-machine', 'q35,smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on'],
  ...['-drive', `if=pflash,format=raw,readonly=on,file=${FIRMWARE}`],
  ...['-drive', `if=pflash,format=raw,file=${variables}`],
];

/** The file of which `secureBoot` takes a copy. */
export const firmwareVariables = VARIABLES;

export interface Vm {
  /** All that the serial line has shown. */
  shown(): string;
  /** Types on the serial line. */
  type(text: string): void;
  /** Presses keys of the keyboard, one after the other, by QEMU's names. */
  press(...keys: readonly string[]): Promise<void>;
  /** Takes a device out that hangs on USB. */
  unplug(id: string): Promise<void>;
  /** Writes the whole memory into a file. */
  dumpMemory(file: string): Promise<void>;
  /** Resolves when the machine is off, with the milliseconds since its start. */
  readonly off: Promise<number>;
  readonly isOff: () => boolean;
  /** Pulls the power. */
  kill(): Promise<void>;
}

/** Memory of the machine, in MiB. */
export const MEMORY = 768;

/** Commands of QEMU's machine protocol on a socket, one after the other. */
class Control {
  private received = '';
  private waiting: ((answer: { error?: { desc: string } }) => void) | undefined;

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.take(chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => this.waiting?.({ error: { desc: 'the machine is off' } }));
  }

  private take(text: string): void {
    this.received += text;
    const lines = this.received.split('\n');
    this.received = lines.pop() ?? '';
    for (const line of lines) {
      const answer = JSON.parse(line) as { return?: unknown; error?: { desc: string } };
      if (answer.return === undefined && answer.error === undefined) continue;
      const { waiting } = this;
      this.waiting = undefined;
      waiting?.(answer);
    }
  }

  /** Throws Error with QEMU's word when it refuses. */
  async run(execute: string, words: object = {}): Promise<void> {
    const answer = await new Promise<{ error?: { desc: string } }>((resolve) => {
      this.waiting = resolve;
      if (this.socket.destroyed) resolve({ error: { desc: 'the machine is off' } });
      else this.socket.write(`${JSON.stringify({ execute, arguments: words })}\n`);
    });
    if (answer.error) throw new Error(`QEMU refuses ${execute}: ${answer.error.desc}`);
  }
}

async function controlAt(file: string, child: ChildProcess): Promise<Control> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    if (existsSync(file)) {
      const socket = connect(file);
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      if (connected) {
        const control = new Control(socket);
        await control.run('qmp_capabilities');
        return control;
      }
    }
    await sleep(50);
  }
  throw new Error('QEMU does not start');
}

/** Switches a machine on. `folder` is private to it. Throws Error when QEMU does not start. */
export async function startVm(words: readonly string[], folder: string): Promise<Vm> {
  mkdirSync(folder, { recursive: true });
  const control = join(folder, 'control');
  rmSync(control, { force: true });
  const started = performance.now();
  const child = spawn(
    findTool(QEMU),
    [
      ...['-accel', 'tcg', '-m', String(MEMORY), '-nodefaults', '-vga', 'std'],
      ...['-display', 'none', '-no-reboot'],
      ...['-serial', 'stdio', '-monitor', 'none', '-qmp', `unix:${control},server=on,wait=off`, ...words],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let [shown, errors] = ['', ''];
  child.stdout.setEncoding('latin1');
  child.stdout.on('data', (text: string) => {
    shown += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  child.stdin.on('error', () => undefined);
  const off = new Promise<number>((resolve) => {
    child.once('close', () => resolve(performance.now() - started));
  });
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  void off.then(() => process.removeListener('exit', stop));
  const qmp = await controlAt(control, child).catch((error: Error) => {
    stop();
    throw new Error(errors.trim().split('\n')[0] || error.message);
  });
  return {
    shown: () => shown,
    type: (text) => void child.stdin.write(text),
    async press(...keys) {
      for (const key of keys) {
        await qmp.run('send-key', { keys: [{ type: 'qcode', data: key }] });
        await sleep(120);
      }
    },
    unplug: (id) => qmp.run('device_del', { id }),
    dumpMemory: (filename) => qmp.run('pmemsave', { val: 0, size: MEMORY * 2 ** 20, filename }),
    off,
    isOff: () => child.exitCode !== null || child.signalCode !== null,
    async kill() {
      stop();
      await off;
    },
  };
}
