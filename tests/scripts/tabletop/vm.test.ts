/** The machine in which the room is shown: what is typed there and judged, without a machine. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecipe } from '../../../scripts/image/recipe';
import { lookUpTool } from '../../../scripts/tabletop/machine/tools';
import { excusedBlocks } from '../../../scripts/tabletop/vm/blocks';
import {
  kernelModules,
  kernelOptions,
  kernelSettings,
  noticed,
  promises,
  refusedAtStart,
} from '../../../scripts/tabletop/vm/checks';
import type { Vm } from '../../../scripts/tabletop/vm/machine';
import { makeStick, readStick } from '../../../scripts/tabletop/vm/media';
import { Operator } from '../../../scripts/tabletop/vm/operator';
import { openSerialShell } from '../../../scripts/tabletop/vm/serial';
import { secretsIn } from '../../../scripts/tabletop/vm/set';
import { Tally } from '../../../scripts/tabletop/vm/tally';
import type { Procedure } from '../../../src/procedure/compile';

const folder = mkdtempSync(join(tmpdir(), 'vm-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine whose serial line answers each line that is typed. */
function answering(answers: Readonly<Record<string, string>>): Vm {
  let shown = 'operator@room:~$ ';
  return {
    shown: () => shown,
    type: (text) => {
      shown += answers[text.replace('\r', '')] ?? '\x1e0\x1e\x06';
    },
    press: async () => undefined,
    unplug: async () => undefined,
    dumpMemory: async () => undefined,
    off: new Promise(() => undefined),
    isOff: () => false,
    kill: async () => undefined,
  };
}

const block = (text: string, timeoutSeconds = 5) => ({ id: 'x', text, timeoutSeconds });

describe('the serial line', () => {
  test('gives output and statuses, with lines as they stand after they were drawn again', async () => {
    const shell = await openSerialShell(
      answering({
        'if a': '\x05',
        fi: '\x02done 1\r\x1b[Kdone 2\r\x1b[Kend\r\nnext\n\x1e3\x1e\x06',
      }),
    );
    expect(await shell.run(block('if a\nfi'))).toMatchObject({
      output: 'end\nnext\n',
      statuses: [3],
      unfinished: false,
      timedOut: false,
    });
  });

  test('tells a command that waits for its rest, and one that does not end', async () => {
    const shell = await openSerialShell(answering({ open: '\x05', long: '\x02working' }));
    expect(await shell.run(block('open'))).toMatchObject({ unfinished: true, timedOut: false });
    expect(await shell.run(block('long', 0.1))).toMatchObject({ timedOut: true });
  });
});

const lines = (text: string) =>
  text.split('\n').map((each, index) => ({ text: each, file: 'p.mdx', line: index + 1 }));
const page = {
  file: 'p.mdx',
  lines: lines(
    [
      '<Step id="SAN-05" by="operator">',
      '```bash title="Other" noexec="reason"',
      'other',
      '```',
      '</Step>',
      '<Step id="SAN-06" by="operator">',
      '```bash title="One" noexec="reason"',
      'one \\',
      '  --time 2027-01-31T09:30:00Z',
      '```',
      '```bash title="Executed" step=SAN-06',
      'executed',
      '```',
      '</Step>',
    ].join('\n'),
  ),
} as unknown as Procedure;

describe('the blocks that the drill excuses', () => {
  test('are those of one step, as they are printed', () => {
    const found = excusedBlocks(page, 'SAN-06').map(({ title, lines: each }) => [
      title,
      each.map(({ text }) => text),
    ]);
    expect(found).toEqual([['One', ['one \\', '  --time 2027-01-31T09:30:00Z']]]);
  });

  test('are missed where the page has no such step', () => {
    expect(() => excusedBlocks(page, 'SAN-99')).toThrow(/p\.mdx has no step SAN-99/);
  });
});

const good = [
  'pass swap: off',
  'LOOK disks mounted writable: /home/operator/ceremony-medium: is it the ceremony medium?',
  'LOOK removable media: sdb: nothing but the known ones?',
  'LOOK consoles that are no screen: ttyS0: did the drill ask for it?',
  'LOOK program SHA-256: 00: as published?',
  'preflight: 20 passed, 0 failed, 4 to look at',
];

async function judged(shown: readonly string[], status = 0): Promise<string[]> {
  const tally = new Tally(() => undefined);
  const operator = new Operator(await openSerialShell(answering({})), tally, new Map(), folder);
  operator.judgeClean('SAN-06', { lines: shown, status });
  return tally.failures;
}

describe('the preflight', () => {
  test('passes with the lines for the eyes that are known', async () => {
    expect(await judged(good)).toEqual([]);
  });

  test.each([
    [
      'a line that fails',
      good.map((line) => line.replace('pass swap: off', 'FAIL swap: /dev/vda')),
      'FAIL swap',
    ],
    ['an unknown line for the eyes', ['LOOK clock: right?', ...good], 'unknown: clock'],
    ['a line that is missing', good.filter((line) => !line.includes('removable')), 'not said: removable'],
    ['no total', good.slice(0, -1), 'ends with 0'],
  ])('is wrong with %s', async (_, shown, wrong) => {
    expect((await judged(shown)).join()).toContain(wrong);
  });

  test('is wrong when it ends otherwise than it says', async () => {
    expect(await judged(good, 1)).toHaveLength(1);
  });

  test('is typed with the time of the wall clock in the place of the page’s', async () => {
    const typed: string[] = [];
    const vm = answering({});
    const operator = new Operator(
      await openSerialShell({
        ...vm,
        type(text) {
          typed.push(text);
          vm.type(text);
        },
      }),
      new Tally(() => undefined),
      new Map(),
      folder,
    );
    await operator.preflight(page, 'SAN-06');
    expect(typed.at(-2)).toBe('one \\\r');
    expect(typed.at(-1)).toMatch(/^ {2}--time 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\r$/);
    expect(typed.at(-1)).not.toContain('2027-01-31T09:30:00Z');
    await expect(operator.preflight(page, 'SAN-05')).rejects.toThrow('prints no time');
  });

  test('names what must be noticed in lines that the list knows', () => {
    const shown = [
      'FAIL network interfaces: PCI 0000:00:04.0',
      'FAIL drives: vda, 16 MiB',
      'FAIL removable media: sda: not in use, so take it out',
      'FAIL microphones: PCI 0000:00:05.0',
      'FAIL clock: 3600 s ahead of the given time',
      'FAIL consoles that are no screen: ttyS0',
    ];
    expect(noticed.map(({ line }) => shown.findIndex((each) => line.test(each)))).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('what the machine is asked', () => {
  const { kernel, settings, modules } = readRecipe('.');
  const set = settings.map(({ set: text }) => /^([^=]+)=(.*)$/.exec(text)?.slice(1) ?? []);

  test.each([
    ['option of the kernel', kernelOptions, kernel.options.map(({ option }) => option).sort()],
    ['setting', Object.entries(kernelSettings), set],
    ['module', kernelModules, modules.map(({ name }) => name)],
  ])('names every %s of the recipe, and no other', (_, asked, built) => {
    expect(asked).toEqual(built);
  });

  const asking = (word: string) => promises.filter(({ command }) => command.includes(word));

  test('each setting and module is in a question, and each option in an answer', () => {
    const words = [...Object.keys(kernelSettings), ...kernelModules];
    expect(words.filter((word) => asking(` ${word}`).length === 0)).toEqual([]);
    const [cmdline] = asking('/proc/cmdline');
    expect(cmdline?.answer.test(`${kernelOptions.join('\n')}\n`)).toBe(true);
    for (const left of kernelOptions) {
      const others = kernelOptions.filter((option) => option !== left);
      expect([left, cmdline?.answer.test(`${others.join('\n')}\n`)]).toEqual([left, false]);
    }
  });

  test('one setting with another value is no right answer', () => {
    const [question] = asking('fs.suid_dumpable');
    const answer = (wrong?: string) =>
      Object.entries(kernelSettings)
        .map(([name, value]) => `${name}=${name === wrong ? '9' : value}\n`)
        .join('');
    expect(question?.answer.test(answer())).toBe(true);
    const unnoticed = Object.keys(kernelSettings).filter((name) => question?.answer.test(answer(name)));
    expect(unnoticed).toEqual([]);
  });

  test('what the start says of a setting or a module that the kernel refuses is known', () => {
    for (const file of ['init', 'start']) {
      const [, said = ''] =
        /echo "(room: \$\w+ was not \w+)"/.exec(readFileSync(`scripts/image/files/${file}`, 'utf8')) ?? [];
      for (const name of ['kernel.sysrq', 'xhci-pci.ko'])
        expect(said.replace(/\$\w+/, name)).toMatch(refusedAtStart);
    }
  });
});

test('secrets are found in a file also where two parts of it meet', () => {
  const file = join(folder, 'memory');
  const part = 32 << 20;
  const bytes = Buffer.alloc(part + 1000);
  bytes.write('needle', part - 3);
  writeFileSync(file, bytes);
  const secrets = new Map([
    ['needle', Buffer.from('needle')],
    ['other', Buffer.from('elsewhere')],
  ]);
  expect(secretsIn(file, secrets)).toEqual(['needle']);
});

test.runIf(lookUpTool('mformat') !== undefined)('a stick holds the files that it was given', () => {
  const file = join(folder, 'stick');
  makeStick(file, 'CEREMONY', new Map([['shard-1.pub.pem', 'text']]), folder);
  expect(readStick(file, join(folder, 'out'))).toEqual(['shard-1.pub.pem']);
});

test('the count is the last line, and nothing asked is no success', () => {
  const shown: string[] = [];
  const tally = new Tally((text) => shown.push(text));
  expect(tally.close()).toBe(1);
  tally.add('one');
  tally.add('two', 'wrong');
  expect(tally.close()).toBe(1);
  expect(shown.at(-1)).toBe('1 passed, 1 failed\n');
  expect(shown.at(-2)).toBe('✗ two: wrong\n');
});
