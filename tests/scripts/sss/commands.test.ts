/** generate, inspect, verify and combine as an operator runs them: exact output, exit codes, refusals. */
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../scripts/sss/main';
import { commitmentOf } from '../../../src/shard/commitment';
import { formatShard, fromHex, parseShard, type Shard } from '../../../src/shard/format';
import { parseManifest } from '../../../src/shard/manifest';
import { bad, envelope, vault } from '../../shard/vectors';
import { errorOf, fileWith, HOLDERS, type MadeSet, makeSet, scratch, sss } from './run';

let set: MadeSet;
let lines: string[];
let labels: string[];
beforeAll(async () => {
  set = await makeSet();
  lines = HOLDERS.map((_, i) => fs.readFileSync(set.shard(i + 1), 'utf8'));
  labels = parseManifest(fs.readFileSync(set.manifest, 'utf8')).shards.map(({ label }) => label);
});

const combineTo = (out: string, ...files: string[]) =>
  sss(['combine', '--manifest', set.manifest, '--out', out, ...files]);

/** The shard with one byte of its secret part changed, under a right checksum. */
const forge = (line: string, change: (share: Uint8Array) => void): string => {
  const shard = parseShard(line);
  change(shard.share);
  return formatShard(shard);
};

describe('generate', () => {
  it('prints the set, writes manifest and shards (0600), and no key', async () => {
    const out = path.join(scratch(), 'set');
    const ran = await sss(
      `generate --threshold 2 --bytes 24 --key-name k1 --generation 7 --out ${out} --holder A --holder B`.split(
        ' ',
      ),
    );
    const manifest = parseManifest(fs.readFileSync(path.join(out, 'manifest.json'), 'utf8'));
    const [a, b] = manifest.shards;
    expect(ran.out).toBe(
      `${out}/shard-1.txt: shard 1 of 2, ${a?.label}, A
${out}/shard-2.txt: shard 2 of 2, ${b?.label}, B
${out}/manifest.json: k1, 24 bytes, 2 of 2 shards, generation 7, set ${manifest.setId}
commitment: ${manifest.commitment}
verified: every combination of 2 shards gives the same key (1 of 1)
`,
    );
    expect(errorOf(ran)).toBe('');
    expect(fs.readdirSync(out).sort()).toEqual(['manifest.json', 'shard-1.txt', 'shard-2.txt']);
    for (const file of fs.readdirSync(out))
      expect(fs.statSync(path.join(out, file)).mode & 0o777).toBe(0o600);
    expect(fs.readFileSync(path.join(out, 'shard-1.txt'), 'utf8')).toMatch(/^mks1z[a-z0-9]{73}$/);
    expect(manifest).toMatchObject({ test: true, keyBytes: 24, threshold: 2, total: 2, generation: 7 });
  });

  it('proves a large set by the few combinations that suffice, and shows how far it is', async () => {
    const seen: string[] = [];
    let text = '';
    const holders = Array.from({ length: 40 }, (_, i) => ['--holder', `holder ${i + 1}`]).flat();
    const argv = ['--threshold', '20', '--bytes', '32', '--key-name', 'k', '--generation', '1', ...holders];
    const code = await main(['generate', ...argv, '--out', path.join(scratch(), 'set')], {
      env: { SSS_TEST: '1' },
      out: (line) => {
        text += line;
      },
      err: () => undefined,
      progress: (message) => seen.push(message),
    });
    expect(code).toBe(0);
    expect(text).toMatch(
      /every combination of 20 shards gives the same key \(by 21 that prove the rest\)\n$/,
    );
    expect(seen).toHaveLength(22);
    expect(seen.slice(-2)).toEqual(['verifying: 21 of 21 combinations', '']);
  });

  it('never writes into an existing folder', async () => {
    await expect(makeSetAt(set.folder)).resolves.toMatchObject({ code: 3, out: '' });
    expect(lines[0]).toBe(fs.readFileSync(set.shard(1), 'utf8'));
  });

  it('refuses a leftover of a run that was cut off', async () => {
    const out = path.join(scratch(), 'set');
    fs.mkdirSync(`${out}.partial`);
    expect(errorOf(await makeSetAt(out))).toMatch(/^sss: error: .*partial: left over.*\nsss: hint: .*shred/);
  });

  const makeSetAt = (out: string, extra = '') =>
    sss(
      `generate --threshold 2 --bytes 32 --key-name k --generation 1 --out ${out} --holder A --holder B ${extra}`
        .trim()
        .split(' '),
    );

  const bads: [string, string][] = [
    ['--bytes 8', '--bytes 8: wanted a whole number from 16 to 64'],
    ['--bytes 65', '--bytes 65: wanted a whole number from 16 to 64'],
    ['--bytes 1e2', '--bytes 1e2: wanted a whole number'],
    ['--threshold 1', '--threshold 1: wanted a whole number from 2 to 255'],
    ['--threshold 3', '2 --holder for --threshold 3: wanted 3 to 255'],
    ['--generation 0', '--generation 0: wanted a whole number from 1 to 65535'],
    ['--key-name ../a', '--key-name ../a: a key name has 1 to 64 letters'],
  ];
  for (const [change, message] of bads) {
    it(`refuses ${change}`, async () => {
      const [name = '', value = ''] = change.split(' ');
      const out = path.join(scratch(), 'set');
      const argv = `generate --threshold 2 --bytes 32 --key-name k --generation 1 --out ${out} --holder A --holder B`;
      const ran = await sss(argv.replace(new RegExp(`${name} \\S+`), `${name} ${value}`).split(' '));
      expect(ran.code).toBe(2);
      expect(errorOf(ran)).toContain(`sss: error: ${message}`);
      expect(fs.existsSync(out)).toBe(false);
    });
  }
});

describe('inspect', () => {
  it('shows the header and nothing of the payload', async () => {
    const file = set.shard(1);
    const ran = await sss(['inspect', file]);
    const { setId, commitment, shards } = parseManifest(fs.readFileSync(set.manifest, 'utf8'));
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toBe(
      `${file}: ${labels[0]}
format:      v1, checksum OK
set:         ${setId}
generation:  1
needs:       3 of 5 shards
key:         32 bytes, check value ${commitment.slice(0, 8)}
SHA-256:     ${shards[0]?.sha256}
kind:        TEST
`,
    );
  });
});

describe('verify', () => {
  it('checks each shard alone', async () => {
    const ran = await sss(['verify', '--manifest', set.manifest, set.shard(4), set.shard(2)]);
    expect(ran).toMatchObject({
      code: 0,
      out: `${set.shard(4)}: OK, shard 4 of 5, ${labels[3]}, HSM, Zürich
${set.shard(2)}: OK, shard 2 of 5, ${labels[1]}, GCP KMS
`,
    });
  });

  it('accepts the printed form of a shard', async () => {
    const typed = fileWith('typed.txt', `${(lines[0]?.toUpperCase().match(/.{1,5}/g) ?? []).join(' ')}\n`);
    expect(await sss(['verify', '--manifest', set.manifest, typed])).toMatchObject({ code: 0 });
  });

  it('reports every bad file and goes on', async () => {
    const other = await makeSet();
    const next = await makeSet({ generation: 2 });
    const files = [
      set.shard(1),
      fileWith(
        'typo.txt',
        (lines[1] ?? '').replace(/.$/, (c) => (c === 'q' ? 'p' : 'q')),
      ),
      fileWith(
        'forged.txt',
        forge(lines[2] ?? '', (share) => share.fill(1, 3, 4)),
      ),
      fileWith(
        'moved.txt',
        forge(lines[2] ?? '', (share) => share.fill(unusedX(), 32)),
      ),
      other.shard(1),
      next.shard(1),
    ];
    const ran = await sss(['verify', '--manifest', set.manifest, ...files]);
    expect(ran.code).toBe(1);
    expect(ran.out).toBe(`${set.shard(1)}: OK, shard 1 of 5, ${labels[0]}, AWS KMS us-east-1\n`);
    const errors = ran.err.match(/^sss: error: .*/gm) ?? [];
    expect(errors).toHaveLength(5);
    for (const [i, what] of [
      'the checksum is wrong',
      'altered: not the text of',
      'altered: the manifest lists no shard',
      'a shard of another set: set',
      'a shard of another set: generation 2, wanted 1',
    ].entries()) {
      expect(errors[i]).toContain(`${files[i + 1]}: ${what}`);
    }
    const json = JSON.parse((await sss(['verify', '--json', '--manifest', set.manifest, ...files])).out);
    expect(json.ok).toBe(false);
    expect(json.files[0]).toMatchObject({ file: files[0], ok: true, label: labels[0] });
    expect(json.files[1]).toEqual({
      file: files[1],
      ok: false,
      error: `${files[1]}: the checksum is wrong`,
    });
  });
});

const unusedX = (): number => {
  const used = labels.map((label) => Number(label.slice(5)));
  return Array.from({ length: 255 }, (_, i) => i + 1).find((x) => !used.includes(x)) ?? 0;
};

describe('combine', () => {
  it('every 3 of 5 give the key that the commitment names', async () => {
    const keys = new Set<string>();
    for (const [a, b, c] of [
      [1, 2, 3],
      [1, 3, 5],
      [5, 4, 2],
    ] as const) {
      const out = path.join(scratch(), 'master.key');
      const ran = await combineTo(out, set.shard(a), set.shard(b), set.shard(c));
      const named = [a, b, c].map((n) => labels[n - 1]).join(' ');
      const kcv = parseShard(lines[0] ?? '').kcv;
      expect(ran).toMatchObject({
        code: 0,
        out: `${out}: 32 bytes, KCV ${kcv}, commitment OK\nfrom shards ${named}\n`,
      });
      expect(fs.statSync(out).mode & 0o777).toBe(0o600);
      const key = Uint8Array.from(fs.readFileSync(out));
      const shard = parseShard(lines[0] ?? '');
      expect(commitmentOf(key, shard)).toBe(parseManifest(fs.readFileSync(set.manifest, 'utf8')).commitment);
      keys.add(Buffer.from(key).toString('hex'));
    }
    expect(keys.size).toBe(1);
  });

  const refused = async (files: string[], message: string | RegExp, code = 1) => {
    const out = path.join(scratch(), 'master.key');
    const ran = await combineTo(out, ...files);
    expect(errorOf(ran)).toMatch(message);
    expect(ran).toMatchObject({ code, out: '' });
    expect(
      errorOf(ran)
        .split('\n')
        .filter((line) => line.startsWith('sss: error:')),
    ).toHaveLength(1);
    expect(fs.readdirSync(path.dirname(out))).toEqual([]);
  };

  it('done twice keeps the first key and says so', async () => {
    const out = path.join(scratch(), 'master.key');
    const shards = [set.shard(1), set.shard(2), set.shard(3)];
    expect(await combineTo(out, ...shards)).toMatchObject({ code: 0 });
    const first = fs.readFileSync(out);
    const again = await combineTo(out, ...shards);
    expect(errorOf(again)).toMatch(/master\.key: exists already/);
    expect(again).toMatchObject({ code: 3, out: '' });
    expect(fs.readFileSync(out)).toEqual(first);
  });
  it('refuses the empty file of a failed decryption, and says which', () =>
    refused(
      [set.shard(1), set.shard(2), fileWith('shard-3.txt', '')],
      /shard-3\.txt: empty, wanted one shard line/,
      3,
    ));
  it('refuses fewer than M', () => refused([set.shard(1), set.shard(2)], /2 good shards, and 3 are needed/));
  it('refuses a flipped byte', () => {
    const flipped = fileWith(
      'flipped.txt',
      forge(lines[2] ?? '', (share) => share.set([(share[0] ?? 0) ^ 1])),
    );
    return refused(
      [set.shard(1), set.shard(2), flipped],
      /flipped.txt: altered: .*; 2 good shards, and 3 are/,
    );
  });
  it('refuses a mistyped character', () => {
    const typed = fileWith(
      'typed.txt',
      (lines[2] ?? '').replace(/.$/, (c) => (c === 'q' ? 'p' : 'q')),
    );
    return refused([set.shard(1), set.shard(2), typed], /typed.txt: the checksum is wrong; 2 good shards/);
  });
  it('refuses a shard given twice', () =>
    refused(
      [set.shard(1), set.shard(2), set.shard(1)],
      /: the same shard [0-9A-F]{4}-\d{3} as in .*shard-1/,
    ));
  it('refuses another generation', async () => {
    const next = await makeSet({ generation: 2 });
    await refused(
      [set.shard(1), set.shard(2), next.shard(3)],
      /a shard of another set: generation 2, wanted 1/,
    );
  });
  it('blames neither of two shards when nothing but they themselves says which is foreign', async () => {
    const forged = (change: Partial<Shard>) =>
      fileWith('forged.txt', formatShard({ ...parseShard(lines[0] ?? ''), ...change }));
    const out = path.join(scratch(), 'key');
    for (const change of [{ kcv: '00000000' }, { generation: 9 }, { setId: 'f'.repeat(16) }, { total: 6 }]) {
      const first = forged(change);
      const ran = await sss(['combine', '--out', out, first, set.shard(2), set.shard(3)]);
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(errorOf(ran)).toContain(
        `error: ${first} and ${set.shard(2)}: one of them is a shard of another set: `,
      );
      expect(errorOf(ran)).toContain('Without the manifest nobody can tell which of the two is foreign');
      expect(ran.err).not.toContain('Leave this shard out');
      // The manifest can tell.
      const known = ['combine', '--manifest', set.manifest, '--out', out, first, set.shard(2), set.shard(3)];
      expect(errorOf(await sss(known))).toMatch(/error: .*forged.txt: a shard of another set: /);
    }
    expect(fs.existsSync(out)).toBe(false);
  });
  it('refuses another set of the same generation', async () => {
    const other = await makeSet();
    await refused([set.shard(1), set.shard(2), other.shard(3)], /a shard of another set: set [0-9a-f]{16}/);
  });
  it('refuses x = 0 under a right checksum', () => {
    // The fields after the header are free to whoever writes the line, so the test packs x = 0 by hand.
    return refused(
      [set.shard(1), set.shard(2), fileWith('zero.txt', xZero(lines[2] ?? ''))],
      /x is 0, wanted 1 to/,
    );
  });
  it('refuses a real shard in a drill, and a TEST shard outside', async () => {
    const real = await makeSet({}, {});
    await refused(
      [set.shard(1), set.shard(2), real.shard(3)],
      /real set, and a drill \(SSS_TEST=1\) accepts TEST/,
    );
    const out = path.join(scratch(), 'master.key');
    const argv = ['combine', '--manifest', real.manifest, '--out', out, real.shard(1), real.shard(2)];
    expect(await sss([...argv, set.shard(3)], {})).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('belongs to a TEST set, and TEST sets are refused outside a drill'),
    });
    expect(await sss([...argv, real.shard(3)], {})).toMatchObject({ code: 0, err: '' });
  });

  it('leaves damaged shards out, with a warning each, while M good ones remain', async () => {
    const out = path.join(scratch(), 'master.key');
    const flipped = fileWith(
      'flipped.txt',
      forge(lines[1] ?? '', (share) => share.fill(7, 0, 2)),
    );
    const typed = fileWith('typed.txt', (lines[3] ?? '').slice(0, -1));
    const ran = await combineTo(out, set.shard(1), flipped, set.shard(3), typed, set.shard(5));
    expect(ran.out).toBe(
      `${out}: 32 bytes, KCV ${parseShard(lines[0] ?? '').kcv}, commitment OK\nfrom shards ${labels[0]} ${labels[2]} ${labels[4]}\n`,
    );
    expect(errorOf(ran).trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^sss: warning: .*flipped.txt: altered: .*; left out$/),
      expect.stringMatching(/^sss: warning: .*typed.txt: the checksum is wrong; left out$/),
    ]);
  });

  it('finds the altered shard by trying when there is no manifest', async () => {
    const out = path.join(scratch(), 'master.key');
    const flipped = fileWith(
      'flipped.txt',
      forge(lines[0] ?? '', (share) => share.fill(7, 0, 2)),
    );
    const files = [flipped, set.shard(2), set.shard(3), set.shard(4)];
    const ran = await sss(['combine', '--out', out, ...files]);
    expect(ran.out).toMatch(
      /32 bytes, KCV [0-9a-f]{8}, check value OK \(4 bytes only, no commitment given\)\nfrom shards/,
    );
    expect(errorOf(ran)).toContain(`flipped.txt: ${labels[0]}: does not fit`);
    expect(errorOf(ran)).toContain('only M shards agree');
    const none = await sss(['combine', '--out', `${out}2`, ...files.slice(0, 3)]);
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(errorOf(none)).toContain('these shards do not give a key that matches the check value');
  });

  it('tells a mistyped commitment from an altered shard', async () => {
    const out = path.join(scratch(), 'master.key');
    const { commitment } = parseManifest(fs.readFileSync(set.manifest, 'utf8'));
    const three = [1, 2, 3].map((n) => set.shard(n));
    const run = (text: string) => sss(['combine', '--out', out, '--commitment', text, ...three]);
    const flip = (at: number) =>
      `${commitment.slice(0, at)}${commitment[at] === '0' ? '1' : '0'}${commitment.slice(at + 1)}`;
    expect(errorOf(await run(flip(3)))).toMatch(
      /--commitment: it begins with [0-9a-f]{8}, and the check value of the shards is [0-9a-f]{8}\nsss: hint: It is mist/,
    );
    expect(errorOf(await run(flip(40)))).toMatch(
      /no key: what the shards give has their check value, but not the commitment\nsss: hint: Compare/,
    );
    expect(fs.existsSync(out)).toBe(false);
    expect(await run(commitment.toUpperCase())).toMatchObject({ code: 0 });
  });

  it('never overwrites, and never writes to a terminal', async () => {
    const three = [1, 2, 3].map((n) => set.shard(n));
    const existing = fileWith('master.key', 'mine');
    expect((await combineTo(existing, ...three)).code).toBe(3);
    expect(fs.readFileSync(existing, 'utf8')).toBe('mine');
    for (const device of ['/dev/stdout', '/dev/tty', '/dev/null']) {
      expect(await combineTo(device, ...three)).toMatchObject({ code: 3, out: '' });
    }
  });

  it('combines the envelope vectors', async () => {
    for (const { shards, M, secret, commitment } of envelope.vectors) {
      const files = shards.map(({ text }, i) => fileWith(`${i}.txt`, text)).slice(0, M);
      const out = path.join(scratch(), 'master.key');
      const ran = await sss(['combine', '--commitment', commitment, '--out', out, ...files]);
      expect(ran.out).toContain('commitment OK');
      expect(fs.readFileSync(out).toString('hex')).toBe(secret);
    }
  });
});

describe('combine --format vault-hex', () => {
  const run = async (shares: string[], M: number, ...more: string[]) => {
    const folder = scratch();
    const files = shares.map((share, i) => {
      fs.writeFileSync(path.join(folder, `${i}.hex`), `${share}\n`);
      return path.join(folder, `${i}.hex`);
    });
    const out = path.join(folder, 'key');
    const argv = ['combine', '--format', 'vault-hex', '--threshold', `${M}`, '--out', out, ...more, ...files];
    // Raw shares can not say that they are a test, so no drill takes them.
    const ran = await sss(argv, {});
    return { ...ran, files, key: fs.existsSync(out) ? fs.readFileSync(out).toString('hex') : undefined };
  };
  const sha256 = async (hex: string) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', fromHex(hex) as BufferSource)).toString('hex');

  it('combines every set of Vault and OpenBao', async () => {
    for (const { M, shares, secret, combine_subsets } of vault) {
      for (const pick of combine_subsets) {
        const ran = await run(
          pick.slice(0, M).map((i) => shares[i] ?? ''),
          M,
        );
        expect(ran).toMatchObject({ code: 0, key: secret });
        expect(ran.out).toContain('NOT CHECKED');
      }
    }
  });

  it('names the bad shares, or refuses', async () => {
    for (const { M, present, secret, bad_indices, expect: verdict } of bad) {
      const ran = await run(present, M, '--key-sha256', await sha256(secret));
      if (verdict === 'reject') {
        expect(ran).toMatchObject({ code: 1, out: '', key: undefined });
      } else {
        expect(ran).toMatchObject({ code: 0, key: secret });
        const named = ran.files.flatMap((file, i) => (ran.out.includes(`${file}: does not fit`) ? i : []));
        expect(named).toEqual(bad_indices);
      }
    }
  });
});

/** The line with x = 0 and its checksum made right again, by an encoder of the test's own. */
function xZero(line: string): string {
  const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  const words = [...line.slice(4, -6)].map((c) => alphabet.indexOf(c));
  // 50 bytes are exactly 80 words: x is the last 8 bits.
  words.splice(-2, 2, (words.at(-2) ?? 0) & 0b11000, 0);
  const polymod = (values: number[]): number => {
    const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
    let sum = 1;
    for (const value of values) {
      const top = sum >>> 25;
      sum = ((sum & 0x1ffffff) << 5) ^ value;
      for (const [i, g] of generator.entries()) if ((top >> i) & 1) sum ^= g;
    }
    return sum;
  };
  const prefix = [...'mks'].map((c) => c.charCodeAt(0));
  const expanded = [...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31)];
  const check = polymod([...expanded, ...words, 0, 0, 0, 0, 0, 0]) ^ 0x2bc830a3;
  const tail = [0, 1, 2, 3, 4, 5].map((i) => (check >> (5 * (5 - i))) & 31);
  return `mks1${[...words, ...tail].map((w) => alphabet[w]).join('')}`;
}
