/** preflight: every item on a good and on a bad machine, built as folders that look like /proc, /sys and /dev. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { partsItem, preflight } from '../../../scripts/sss/commands/preflight';
import { clockItem, machineItems, processItems } from '../../../scripts/sss/machine';
import { errorOf, scratch, sss } from './run';

const GOOD: Record<string, string> = {
  'sys/class/net/lo/operstate': 'unknown',
  'proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n',
  'proc/self/limits':
    'Limit  Soft Limit  Hard Limit  Units\nMax core file size        0                    0     bytes\n',
  'proc/sys/kernel/core_pattern': 'core\n',
  'proc/self/mounts': 'tmpfs / tmpfs rw,nosuid 0 0\n/dev/sr0 /media/boot iso9660 ro,relatime 0 0\n',
  'proc/self/status': 'Name:\tnode\nTracerPid:\t0\n',
  'dev/null': '',
  'proc/cmdline': 'BOOT_IMAGE=/boot/vmlinuz console=tty0 quiet\n',
  'proc/1/cmdline': '/sbin/agetty\0-o\0-p\0tty1\0linux\0',
  'proc/consoles': 'tty0                 -WU (EC  p  )    4:7\n',
  'sys/block/loop0/removable': '0\n',
  'sys/block/loop0/size': '4096\n',
  'sys/bus/pci/devices/0000:00:02.0/class': '0x030000\n',
  'sys/bus/usb/devices/1-1:1.0/bInterfaceClass': '03\n',
  'etc/hostname': 'ceremony\n',
};

const machine = (changes: Record<string, string | undefined> = {}): string => {
  const root = scratch();
  for (const [name, text] of Object.entries({ ...GOOD, ...changes })) {
    if (text === undefined) continue;
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    if (text.startsWith('->')) fs.symlinkSync(text.slice(2), path.join(root, name));
    else fs.writeFileSync(path.join(root, name), text);
  }
  return root;
};

/** A disk that says of itself that it stays. */
function disk(at: string): Record<string, string> {
  return { [`sys/devices/pci0/${at}/removable`]: '0\n', [`sys/devices/pci0/${at}/size`]: '99\n' };
}

/** A stick in no use. */
const STICK = { 'sys/block/sdb/removable': '1\n', 'sys/block/sdb/size': '99\n' };

const BAD: [item: string, changes: Record<string, string | undefined>, verdict: string, found: string][] = [
  ['network interfaces', { 'sys/class/net/wlan0/operstate': 'down' }, 'fail', 'wlan0'],
  ['network interfaces', { 'sys/class/bluetooth/hci0/address': '' }, 'fail', 'hci0'],
  ['network interfaces', { 'sys/class/net/bonding_masters': '\n' }, 'pass', 'none but the loopback'],
  ['network interfaces', { 'sys/class/rfkill/rfkill0/type': 'uwb\n' }, 'fail', 'rfkill0'],
  ['network interfaces', { 'sys/class/ieee80211/phy0/index': '0\n' }, 'fail', 'phy0'],
  [
    'libraries in every program',
    { 'etc/ld.so.preload': '/tmp/a.so /tmp/b.so\n' },
    'fail',
    '/tmp/a.so, /tmp/b.so',
  ],
  ['libraries in every program', { 'etc/ld.so.preload': '\n' }, 'pass', 'no'],
  ['swap', { 'proc/swaps': 'Filename Type\n/dev/dm-1 partition 1 0 -2\n' }, 'fail', '/dev/dm-1'],
  [
    'core dumps',
    { 'proc/self/limits': 'Max core file size   unlimited   unlimited  bytes\n' },
    'fail',
    'limit unlimited',
  ],
  ['core dumps', { 'proc/sys/kernel/core_pattern': '|/usr/lib/apport %p\n' }, 'fail', 'a handler is set'],
  [
    'disks mounted writable',
    { 'proc/self/mounts': '/dev/sda1 /data ext4 rw,relatime 0 0\n' },
    'fail',
    '/data',
  ],
  ['disks mounted writable', { 'proc/self/mounts': 'tank/home /home zfs rw 0 0\n' }, 'fail', '/home'],
  ['disks mounted writable', { 'proc/self/mounts': 'host /mnt 9p rw,sync 0 0\n' }, 'fail', '/mnt'],
  [
    'disks mounted writable',
    { 'proc/self/mounts': 'overlay / overlay rw,lowerdir=/l 0 0\n' },
    'look',
    'on /:',
  ],
  [
    'disks mounted writable',
    { 'proc/self/mounts': 'overlay / overlay rw,lowerdir=/l 0 0\n/dev/sdb1 /m vfat rw 0 0\n' },
    'fail',
    '/m',
  ],
  ['traced by another program', { 'proc/self/status': 'TracerPid:\t77\n' }, 'fail', 'process 77'],
  ['traced by another program', { 'proc/self/status': 'Name:\tnode\n' }, 'fail', 'reads the memory'],
  ['cameras', { 'dev/video0': '' }, 'fail', 'video0'],
  ['microphones', { 'proc/asound/pcm': '00-00: ALC : ALC : playback 1 : capture 1\n' }, 'fail', '00-00'],
  ['microphones', { 'proc/asound/pcm': '00-00: HDMI : HDMI : playback 1\n' }, 'pass', 'none'],
  ['removable media', STICK, 'fail', 'sdb: not in use'],
  ['removable media', { ...STICK, 'proc/self/mounts': '/dev/sdb /m vfat ro 0 0\n' }, 'look', 'sdb: nothing'],
  [
    'removable media',
    { ...STICK, 'sys/block/sdb/sdb1/size': '98\n', 'proc/self/mounts': '/dev/sdb1 /m vfat ro 0 0\n' },
    'look',
    'sdb: nothing',
  ],
  ['removable media', { ...STICK, 'sys/class/block/sdb/holders/dm-0': '' }, 'look', 'sdb: nothing'],
  [
    'removable media',
    { 'sys/block/sdc': '->../devices/pci0/usb3/3-1/sdc', ...disk('usb3/3-1/sdc') },
    'fail',
    'sdc',
  ],
  [
    'removable media',
    { 'sys/block/mmcblk0': '->../devices/pci0/mmc_host/mmc0/b', ...disk('mmc_host/mmc0/b') },
    'fail',
    'mmcblk0',
  ],
  ['drives', { 'sys/block/sda/removable': '0\n', 'sys/block/sda/size': '131072\n' }, 'fail', 'sda, 64 MiB'],
  ['drives', { 'sys/block/sda/removable': '0\n', 'sys/block/sda/size': '0\n' }, 'pass', 'none'],
  [
    'drives',
    { 'sys/bus/pci/devices/0000:00:04.0/class': '0x010400\n' },
    'fail',
    'PCI 0000:00:04.0 without a driver',
  ],
  [
    'drives',
    {
      'sys/bus/pci/devices/0000:00:1f.2/class': '0x010601\n',
      'sys/bus/pci/devices/0000:00:1f.2/driver/x': '',
    },
    'pass',
    'none',
  ],
  [
    'network interfaces',
    { 'sys/bus/pci/devices/0000:00:03.0/class': '0x020000\n' },
    'fail',
    'PCI 0000:00:03.0',
  ],
  ['network interfaces', { 'sys/bus/usb/devices/1-2:1.0/bInterfaceClass': 'e0\n' }, 'fail', 'USB 1-2:1.0'],
  ['microphones', { 'sys/bus/pci/devices/0000:00:1b.0/class': '0x040300\n' }, 'fail', 'PCI 0000:00:1b.0'],
  [
    'microphones',
    {
      'sys/bus/pci/devices/0000:00:1b.0/class': '0x040300\n',
      'sys/bus/pci/devices/0000:00:1b.0/driver/x': '',
    },
    'pass',
    'none',
  ],
  ['cameras', { 'sys/bus/usb/devices/1-3:1.0/bInterfaceClass': '0e\n' }, 'fail', 'USB 1-3:1.0'],
  ['consoles that are no screen', { 'proc/consoles': 'ttyS0 -W- (EC p a) 4:64\n' }, 'fail', 'ttyS0'],
  [
    'consoles that are no screen',
    { 'proc/cmdline': 'quiet console=ttyS1,115200 console=tty0 netconsole=x\n' },
    'fail',
    'ttyS1',
  ],
  [
    'consoles that are no screen',
    { 'proc/7/cmdline': '/sbin/agetty\0-L\0ttyUSB0\0vt220\0' },
    'fail',
    'ttyUSB0',
  ],
  ['consoles that are no screen', { 'proc/cmdline': undefined }, 'look', 'this system does not tell'],
  ['removable media', { 'sys/block/sr0/removable': '1\n', 'sys/block/sr0/size': '0\n' }, 'pass', 'none'],
  ['swap', { 'proc/swaps': undefined }, 'look', 'this system does not tell'],
];

describe('the machine', () => {
  it('passes every item when all is well', () => {
    expect(machineItems(machine(), false).filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  it('asks about a serial console in a drill, which may have asked for one', () => {
    const root = machine({ 'proc/consoles': 'ttyS0 -W- (EC p a) 4:64\n' });
    const found = machineItems(root, true).find(({ item }) => item === 'consoles that are no screen');
    expect(found).toMatchObject({ verdict: 'look', found: 'ttyS0: did the drill ask for it?' });
    expect(machineItems(machine(), true).filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  const MEDIUM = '/dev/sdb /m vfat rw,sync,nosuid,nodev,noexec 0 0\n';
  const writable = (changes: Record<string, string>) =>
    machineItems(machine(changes), false).find(({ item }) => item === 'disks mounted writable');

  it('asks about a removable medium that is mounted writable, and from which nothing is executed', () => {
    const found = '/m: is it the ceremony medium?';
    expect(writable({ ...STICK, 'proc/self/mounts': MEDIUM })).toMatchObject({ verdict: 'look', found });
    const part = { ...STICK, 'sys/block/sdb/sdb1/size': '98\n' };
    const partMounted = MEDIUM.replace('/dev/sdb', '/dev/sdb1');
    expect(writable({ ...part, 'proc/self/mounts': partMounted })).toMatchObject({ verdict: 'look', found });
    const layered = `overlay / overlay rw 0 0\n${MEDIUM}`;
    expect(writable({ ...STICK, 'proc/self/mounts': layered })?.found).toBe(
      `overlay on /: is what is written there kept in memory? ${found}`,
    );
  });

  it('fails one from which something can be executed, and a drive', () => {
    const executes = MEDIUM.replace(',noexec', '');
    const bad = { verdict: 'fail', found: '/m' };
    expect(writable({ ...STICK, 'proc/self/mounts': executes })).toMatchObject(bad);
    expect(writable({ ...STICK, 'proc/self/mounts': `${MEDIUM}/dev/sdc /m vfat rw 0 0\n` })).toMatchObject(
      bad,
    );
    const drive = { ...STICK, 'sys/block/sdb/removable': '0\n' };
    expect(writable({ ...drive, 'proc/self/mounts': MEDIUM })).toMatchObject(bad);
  });

  for (const [item, changes, verdict, found] of BAD) {
    it(`${item}: ${found} is ${verdict}`, () => {
      const items = machineItems(machine(changes), false);
      expect(items.find((one) => one.item === item)).toMatchObject({
        verdict,
        found: expect.stringContaining(found),
      });
      expect(items.filter((one) => one.item !== item && one.verdict !== 'pass')).toEqual([]);
    });
  }

  it('is never fine where nothing can be read', () => {
    expect(
      machineItems('/nowhere', false).every(({ verdict }) => verdict === 'look' || verdict === 'pass'),
    ).toBe(true);
    const passed = machineItems('/nowhere', false).filter(({ verdict }) => verdict === 'pass');
    expect(passed.map(({ item }) => item)).toEqual([]);
  });
});

describe('the process', () => {
  const judged = (item: string, env: Record<string, string>, options: string[] = []) =>
    processItems(env, options).find((one) => one.item === item);
  const LOGIN = {
    HOME: '/root',
    PATH: '/usr/bin',
    TERM: 'linux',
    LC_ALL: 'C',
    HISTFILE: '/dev/null',
    _: 'node',
  };

  it('passes an ordinary login, and the options of the reference', () => {
    const options = [
      '--permission',
      '--allow-fs-read=/kit',
      '--allow-fs-write=/kit',
      '--allow-child-process',
    ];
    expect(processItems(LOGIN, options).map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  });

  it.each([
    ...['--inspect', '--inspect-brk=0', '--inspect_port=9', '--report-on-signal', '--report_on_signal'],
    ...[
      '--heapsnapshot-signal=SIGUSR2',
      '--heap_prof',
      '--heap-prof',
      '--cpu-prof',
      '--prof',
      '--perf-basic-prof',
    ],
    ...[
      '--require=/tmp/hook.cjs',
      '-r',
      '--import',
      '--loader=x',
      '--experimental-loader',
      '--experimental_loader',
    ],
    ...['--env-file=/tmp/env', '--env-file-if-exists=x', '--snapshot-blob=x', '--openssl-config=x', '--eval'],
    ...['--experimental-default-config-file', '--experimental-config-file=x', '--icu-data-dir=x', '--watch'],
    ...[
      '--no-permission',
      '--allow-addons',
      '--allow-worker',
      '--allow-wasi',
      '--permission=',
      '--v8-pool-size=0',
    ],
    ...['--redirect-warnings=x', '--trace-event-categories=v8', '--use-openssl-ca', '--some-new-option'],
  ])('fails the Node option %s, which is not known to do no harm', (option) => {
    const [name = ''] = option.split('=');
    expect(judged('debugger and Node options', LOGIN, [option])).toMatchObject({
      verdict: 'fail',
      found: name,
    });
  });

  it.each([
    ...[
      'NODE_OPTIONS',
      'NODE_EXTRA_CA_CERTS',
      'NODE_V8_COVERAGE',
      'NODE_PATH',
      'NODE_DEBUG',
      'NODE_COMPILE_CACHE',
    ],
    ...[
      'NODE_REDIRECT_WARNINGS',
      'NODE_ICU_DATA',
      'NODE_PENDING_DEPRECATION',
      'NODE_NEW',
      'UV_THREADPOOL_SIZE',
    ],
    ...[
      'LD_PRELOAD',
      'LD_AUDIT',
      'LD_LIBRARY_PATH',
      'LD_DEBUG_OUTPUT',
      'LD_PROFILE',
      'GLIBC_TUNABLES',
      'GCONV_PATH',
    ],
    ...[
      'LOCPATH',
      'MALLOC_TRACE',
      'MALLOC_CHECK_',
      'NLSPATH',
      'TZDIR',
      'DYLD_INSERT_LIBRARIES',
      'GETCONF_DIR',
    ],
    ...[
      'OPENSSL_CONF',
      'OPENSSL_MODULES',
      'OPENSSL_ENGINES',
      'OPENSSL_ia32cap',
      'SSLKEYLOGFILE',
      'SSL_CERT_FILE',
    ],
    ...[
      'ASAN_OPTIONS',
      'BASH_ENV',
      'ENV',
      'PROMPT_COMMAND',
      'PYTHONPATH',
      'SSH_ASKPASS',
      'path',
      'LC_',
      'LC_X',
    ],
  ])('fails with %s in the environment, and shows no value', (name) => {
    const item = judged('environment', { ...LOGIN, [name]: 'a-value' });
    expect(item).toEqual({ item: 'environment', verdict: 'fail', found: name });
    expect(judged('environment', { ...LOGIN, [name]: '' })?.verdict).toBe('fail');
  });

  it('cleans a name before it is shown', () => {
    expect(judged('environment', { 'A\u001b[2J': '' })?.found).toBe('A?[2J');
  });

  it('is not sure of a shell history', () => {
    expect(judged('shell history', {})).toMatchObject({ verdict: 'look' });
  });

  it('compares the clock with a given time, 60 seconds at most', () => {
    expect(clockItem(1_000_000, undefined).verdict).toBe('look');
    expect(clockItem(1_000_000, 1_060_000)).toMatchObject({
      verdict: 'pass',
      found: '60 s behind the given time',
    });
    expect(clockItem(1_061_000, 1_000_000)).toMatchObject({
      verdict: 'fail',
      found: '61 s ahead of the given time',
    });
  });
});

describe('sss preflight', () => {
  it('reports each item, writes the record, and fails on a wrong program', async () => {
    const record = path.join(scratch(), 'preflight.json');
    const ran = await sss(['preflight', '--sha256', '0'.repeat(64), '--record', record], {});
    expect(ran.code).toBe(1);
    const lines = ran.out.trimEnd().split('\n');
    for (const line of lines.slice(0, -1))
      expect(line).toMatch(/^(pass|FAIL|LOOK) [A-Za-z -]+[A-Za-z0-9-]*: /);
    expect(ran.out).toMatch(/^FAIL program SHA-256: [0-9a-f]{64}$/m);
    expect(ran.out).toMatch(/^pass known shares give the known key: OK$/m);
    const { items, failed, time } = JSON.parse(fs.readFileSync(record, 'utf8'));
    expect(items).toHaveLength(lines.length - 1);
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(lines.at(-1)).toContain(`${failed} failed`);
  });

  it.each([
    ['node', '--experimental_loader', 'data:text/javascript,'],
    ['node', '--heap_prof'],
    ['node', '--report_on_signal'],
    ['env', 'LD_AUDIT=/none', 'node'],
    ['env', 'OPENSSL_CONF=/none', 'node'],
  ])('sees %s %s in the process itself', (...argv) => {
    const folder = scratch();
    fs.writeFileSync(
      path.join(folder, 'run.cjs'),
      `require(${JSON.stringify(path.resolve('node_modules/tsx/dist/cjs/index.cjs'))});
const { processItems } = require(${JSON.stringify(path.resolve('scripts/sss/machine.ts'))});
for (const { item, verdict, found } of processItems(process.env, process.execArgv)) console.log(verdict, item, found);`,
    );
    const [command = '', ...rest] = [...argv, 'run.cjs'];
    const env = { PATH: process.env.PATH, HOME: folder };
    const { stdout } = spawnSync(command, rest, { cwd: folder, encoding: 'utf8', env });
    expect(stdout).toMatch(
      argv[0] === 'env'
        ? /^fail environment (LD_AUDIT|OPENSSL_CONF)$/m
        : /^fail debugger and Node options --/m,
    );
  });

  it('shows in its example what it prints', async () => {
    const { command, output } = preflight.example;
    const ran = await sss(['preflight', '--record', path.join(scratch(), 'r.json')], {});
    expect(command).toMatch(/^sss preflight( --(time|record) \S+)*$/);
    const printed = ran.out.trimEnd().split('\n').slice(0, -1);
    const items = printed.map((line) => line.slice(5).split(':')[0]);
    const lines = output.split('\n').filter((line) => line !== '...');
    const places = lines.slice(0, -1).map((line) => items.indexOf(line.slice(5).split(':')[0]));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    const counts = lines.at(-1)?.match(/\d+/g)?.map(Number) ?? [];
    expect(counts.reduce((sum, count) => sum + count)).toBe(items.length);
  });

  it('compares every file of the program with the list of its kit', () => {
    const kit = scratch();
    const write = (name: string, text: string) => fs.writeFileSync(path.join(kit, name), text);
    const sum = (text: string) => createHash('sha256').update(text).digest('hex');
    const judged = () => partsItem(path.join(kit, 'sss.cjs'));
    write('sss.cjs', 'one');
    write('sss-desk.cjs', 'two');
    expect(judged()).toMatchObject({ verdict: 'look' });
    write('SHA256SUMS', `${sum('x')}  README.txt\n${sum('two')}  sss-desk.cjs\n${sum('one')}  sss.cjs\n`);
    expect(judged()).toMatchObject({ verdict: 'pass', found: '2 as in SHA256SUMS' });
    write('sss-desk.cjs', 'another kit');
    expect(judged()).toMatchObject({ verdict: 'fail', found: 'not as in SHA256SUMS: sss-desk.cjs' });
    fs.rmSync(path.join(kit, 'sss-desk.cjs'));
    expect(judged()).toMatchObject({ verdict: 'fail', found: 'not as in SHA256SUMS: sss-desk.cjs' });
    write('sss-desk.cjs', 'two');
    write('sss-more.cjs', 'three');
    expect(judged()).toMatchObject({ verdict: 'fail', found: 'not as in SHA256SUMS: sss-more.cjs' });
  });

  it('refuses a time that is not UTC', async () => {
    const ran = await sss(['preflight', '--time', '2027-01-31 09:30'], {});
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(errorOf(ran)).toContain('--time 2027-01-31 09:30: wanted UTC');
  });
});
