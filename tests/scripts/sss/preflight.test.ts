/** preflight: every item on a good and on a bad machine, built as folders that look like /proc, /sys and /dev. */
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { clockItem, machineItems, processItems } from '../../../scripts/sss/machine';
import { errorOf, scratch, sss } from './run';

const GOOD: Record<string, string> = {
  'sys/class/net/lo/operstate': 'unknown',
  'proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n',
  'proc/self/limits':
    'Limit  Soft Limit  Hard Limit  Units\nMax core file size        0                    0     bytes\n',
  'proc/sys/kernel/core_pattern': 'core\n',
  'proc/self/mounts': 'tmpfs / tmpfs rw,nosuid 0 0\n/dev/sr0 /media/boot iso9660 ro,relatime 0 0\n',
  'dev/null': '',
  'sys/block/sda/removable': '0\n',
  'sys/block/sda/size': '4096\n',
};

const machine = (changes: Record<string, string | undefined> = {}): string => {
  const root = scratch();
  for (const [name, text] of Object.entries({ ...GOOD, ...changes })) {
    if (text === undefined) continue;
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
};

const BAD: [item: string, changes: Record<string, string | undefined>, verdict: string, found: string][] = [
  ['network interfaces', { 'sys/class/net/wlan0/operstate': 'down' }, 'fail', 'wlan0'],
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
  ['cameras', { 'dev/video0': '' }, 'fail', 'video0'],
  ['microphones', { 'proc/asound/pcm': '00-00: ALC : ALC : playback 1 : capture 1\n' }, 'fail', '00-00'],
  ['microphones', { 'proc/asound/pcm': '00-00: HDMI : HDMI : playback 1\n' }, 'pass', 'none'],
  ['removable media', { 'sys/block/sdb/removable': '1\n', 'sys/block/sdb/size': '99\n' }, 'look', 'sdb'],
  ['removable media', { 'sys/block/sr0/removable': '1\n', 'sys/block/sr0/size': '0\n' }, 'pass', 'none'],
  ['swap', { 'proc/swaps': undefined }, 'look', 'this system does not tell'],
];

describe('the machine', () => {
  it('passes every item when all is well', () => {
    expect(machineItems(machine()).filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  for (const [item, changes, verdict, found] of BAD) {
    it(`${item}: ${found} is ${verdict}`, () => {
      const items = machineItems(machine(changes));
      expect(items.find((one) => one.item === item)).toMatchObject({
        verdict,
        found: expect.stringContaining(found),
      });
      expect(items.filter((one) => one.item !== item && one.verdict !== 'pass')).toEqual([]);
    });
  }

  it('is never fine where nothing can be read', () => {
    expect(machineItems('/nowhere').every(({ verdict }) => verdict === 'look' || verdict === 'pass')).toBe(
      true,
    );
    const passed = machineItems('/nowhere').filter(({ verdict }) => verdict === 'pass');
    expect(passed.map(({ item }) => item)).toEqual([]);
  });
});

describe('the process', () => {
  it('sees a debugger, reports, NODE_OPTIONS and a shell history', () => {
    expect(processItems({ HISTFILE: '/dev/null' }, [])).toMatchObject([
      { verdict: 'pass' },
      { verdict: 'pass' },
    ]);
    for (const flag of [
      '--inspect',
      '--inspect-brk=0',
      '--report-on-signal',
      '--heapsnapshot-signal=SIGUSR2',
    ]) {
      expect(processItems({}, [flag])[0]).toMatchObject({ verdict: 'fail', found: flag });
    }
    expect(processItems({ NODE_OPTIONS: '--max-old-space-size=1' }, [])[0]).toMatchObject({
      verdict: 'fail',
    });
    expect(processItems({}, [])[1]).toMatchObject({ verdict: 'look' });
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
    const { items, failed } = JSON.parse(fs.readFileSync(record, 'utf8'));
    expect(items).toHaveLength(lines.length - 1);
    expect(lines.at(-1)).toContain(`${failed} failed`);
  });

  it('refuses a time that is not UTC', async () => {
    const ran = await sss(['preflight', '--time', '2027-01-31 09:30'], {});
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(errorOf(ran)).toContain('--time 2027-01-31 09:30: wanted UTC');
  });
});
