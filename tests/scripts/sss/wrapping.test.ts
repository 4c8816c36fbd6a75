/** Wrapped shards and keys: the way of a recovery without a file in clear, what openssl says of it, and what is refused. */
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { CliError } from '../../../scripts/sss/command';
import { sealHolds } from '../../../scripts/sss/seal';
import { readWrappingKey, rsaKeyFrom, unwrap, wrap } from '../../../scripts/sss/wrapping';
import { ShardError, toHex } from '../../../src/shard/format';
import { parseManifest, sealedText } from '../../../src/shard/manifest';
import { fingerprintWords } from '../../../src/shard/words';
import { errorOf, scratch, sss } from './run';

const RECOVER = path.resolve('static/recover.py');
const room = scratch();
const at = (name: string) => path.join(room, name);
const read = (name: string) => fs.readFileSync(at(name));
const text = (name: string) => read(name).toString();

/** One command line of this process; `#` in front of a word makes it a file of the room. */
const run = (line: string) =>
  sss(
    line.split(' ').map((word) => word.replace(/^((?:\d=)?)#/, (_, before: string) => `${before}${room}/`)),
  );

let program: string;
const ENV = { PATH: process.env.PATH, SSS_TEST: '1' };

/** A script of bash in the room, in which `sss` is the bundle. */
const shell = (script: string) => {
  const whole = `set -o pipefail\nsss() { node '${program}' "$@"; }\n${script}`;
  // With a socket as its input, bash would read the startup files of a remote shell.
  const ran = spawnSync('bash', ['-c', whole], {
    cwd: room,
    encoding: 'utf8',
    env: ENV,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ...ran, stderr: ran.stderr.replace(/^sss: note: SSS_TEST.*\n/gm, '') };
};

const oaep = (hash: string) =>
  `-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}`;
const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: room, stdio: 'pipe' });
const decrypt = (key: string, file: string, hash = 'sha256') =>
  openssl(`pkeyutl -decrypt -inkey ${key}.key -in ${file} ${oaep(hash)}`);

/** RSA pairs of providers, a service and one recovery; keys of other kinds for the refusals. */
const pairs = Object.fromEntries(
  ['kms', 'hsm', 'service', 'other'].map((name) => [
    name,
    generateKeyPairSync('rsa', { modulusLength: 3072 }),
  ]),
);
const spki = { format: 'pem', type: 'spki' } as const;
const pkcs8 = { format: 'pem', type: 'pkcs8' } as const;
/** The line of each shard: the test alone holds them in clear. */
const lines: string[] = [];

beforeAll(async () => {
  const folder = scratch();
  await bundleSss(folder);
  program = path.join(folder, 'sss.cjs');
  for (const [name, { publicKey, privateKey }] of Object.entries(pairs)) {
    fs.writeFileSync(at(`${name}.pem`), publicKey.export(spki));
    fs.writeFileSync(at(`${name}.key`), privateKey.export(pkcs8));
  }
  const made = [
    await run('session-key --out #session'),
    await run(
      'generate --threshold 2 --bytes 32 --key-name k --generation 1 --holder A --holder B --holder C --wrap-to 1=#kms.pem --wrap-to 2=#hsm.pem,sha1 --out #set',
    ),
  ];
  for (const ran of made) if (ran.code !== 0) throw new Error(ran.err);
  lines.push(
    decrypt('kms', 'set/shard-1.wrapped').toString(),
    decrypt('hsm', 'set/shard-2.wrapped', 'sha1').toString(),
  );
  lines.push(text('set/shard-3.txt'));
  const session = readWrappingKey(at('session.pub.pem'));
  for (const [i, line] of lines.entries())
    fs.writeFileSync(at(`${i + 1}.wrapped`), wrap(session, Buffer.from(line)).bytes);
});

/** The key, by the second program; nobody else may hold it in clear. */
const keyOf = (): Buffer => {
  const out = path.join(scratch(), 'key');
  const files = lines.slice(0, 2).map((line) => {
    const file = path.join(scratch(), 'shard');
    fs.writeFileSync(file, line);
    return file;
  });
  execFileSync('python3', [RECOVER, '--out', out, ...files], { env: { ...process.env, SSS_TEST: '1' } });
  return fs.readFileSync(out);
};

describe('a recovery without a file in clear', () => {
  it('goes from provider to custodian to air-gapped machine to service in pipes', () => {
    const custodian = (n: number, hash: string) => `
openssl pkeyutl -decrypt -inkey ${n === 1 ? 'kms' : 'hsm'}.key -in set/shard-${n}.wrapped ${oaep(hash)} |
  sss wrap --manifest set/manifest.json --to session.pub.pem --out piped-${n}.wrapped`;
    const ran = shell(`${custodian(1, 'sha256')} -\n${custodian(2, 'sha1')}
sss combine --manifest set/manifest.json --unwrap-with session.key --wrap-to service.pem --out key.wrapped piped-1.wrapped piped-2.wrapped`);
    expect(ran.stderr).toBe('');
    const words = fingerprintWords(readWrappingKey(at('session.pub.pem')).digest);
    const service = fingerprintWords(readWrappingKey(at('service.pem')).digest);
    const { shards, commitment } = parseManifest(text('set/manifest.json'));
    expect(ran.stdout.trimEnd().split('\n')).toEqual([
      `piped-1.wrapped: shard 1 of 3, ${shards[0]?.label}, A, wrapped for ${words}`,
      `piped-2.wrapped: shard 2 of 3, ${shards[1]?.label}, B, wrapped for ${words}`,
      `key.wrapped: 32 bytes, KCV ${commitment.slice(0, 8)}, commitment OK, wrapped for ${service}`,
      `from shards ${shards[0]?.label} ${shards[1]?.label}`,
    ]);
    expect(decrypt('service', 'key.wrapped').equals(keyOf())).toBe(true);
    for (const name of ['key.wrapped', 'piped-1.wrapped'])
      expect(fs.statSync(at(name)).mode & 0o777).toBe(0o600);
    // What sss wraps, openssl opens: the very line that a shard file holds.
    for (const n of [1, 2]) expect(decrypt('session', `piped-${n}.wrapped`).toString()).toBe(lines[n - 1]);
  });

  it('takes what openssl has wrapped', async () => {
    const wrapped = [2, 3].map((n) => {
      const clear = path.join(scratch(), 'clear');
      fs.writeFileSync(clear, lines[n - 1] ?? '');
      openssl(
        `pkeyutl -encrypt -pubin -inkey session.pub.pem -in ${clear} -out openssl-${n}.wrapped ${oaep('sha256')}`,
      );
      return `#openssl-${n}.wrapped`;
    });
    const ran = await run(
      `combine --manifest #set/manifest.json --unwrap-with #session.key --out #openssl.key ${wrapped.join(' ')}`,
    );
    expect(ran.code, ran.err).toBe(0);
    expect(ran.out).toMatch(/: 32 bytes, KCV [0-9a-f]{8}, commitment OK\n/);
    expect(read('openssl.key').equals(keyOf())).toBe(true);
  });

  it('works with the two other programs alone, in pipes, as the page on the format prints it', () => {
    const page = fs.readFileSync('docs/ceremony/shard-format.mdx', 'utf8');
    const printed = /```text\n(python3 recover\.py [\s\S]*?)```/.exec(page)?.[1] ?? '';
    fs.copyFileSync(RECOVER, at('recover.py'));
    fs.copyFileSync(at('1.wrapped'), at('shard-1.wrapped'));
    fs.copyFileSync(at('3.wrapped'), at('shard-3.wrapped'));
    const ran = shell(printed.replace('master.key', 'recovered.key'));
    expect(ran.stdout, ran.stderr).toContain('recovered.key: 32 bytes, check value OK');
    expect(read('recovered.key').equals(keyOf())).toBe(true);
  });

  it('ends in a new set, a lost shard and one above N without a clear one', async () => {
    const shards = '--manifest #set/manifest.json --unwrap-with #session.key #1.wrapped #2.wrapped';
    const reshared = await run(
      `reshare --threshold 2 --generation 2 --holder X --holder Y --wrap-to 1=#kms.pem --wrap-to 2=#hsm.pem --out #set2 ${shards}`,
    );
    expect(reshared.code, reshared.err).toBe(0);
    expect(fs.readdirSync(at('set2')).sort()).toEqual([
      'manifest.json',
      'shard-1.wrapped',
      'shard-2.wrapped',
    ]);
    const reissued = await run(`reissue --number 3 --wrap-to #other.pem,sha1 --out #3.again ${shards}`);
    expect(reissued.out).toMatch(/3\.again: shard 3 of 3, \S+, C, wrapped for /);
    expect(decrypt('other', '3.again', 'sha1').toString()).toBe(lines[2]);
    const raised = await run(
      `reissue --number 4 --raise-n --holder D --new-manifest #four.json --wrap-to #other.pem --out #4.wrapped ${shards}`,
    );
    expect(raised.code, raised.err).toBe(0);
    const four = parseManifest(text('four.json'));
    expect(four.shards[3]?.wrapped?.hash).toBe('sha256');
    expect(sealHolds(four)).toBe(true);
    expect(four.shards[0]?.wrapped).toEqual(parseManifest(text('set/manifest.json')).shards[0]?.wrapped);
  });

  it('verifies from a pipe, and writes a receipt', () => {
    const piped = shell(`openssl pkeyutl -decrypt -inkey kms.key -in set/shard-1.wrapped ${oaep('sha256')} |
  sss verify --manifest set/manifest.json --receipt r.json -`);
    const label = parseManifest(text('set/manifest.json')).shards[0]?.label;
    expect(piped.stdout).toBe(
      `standard input: OK, shard 1 of 3, ${label}, A\nr.json: receipt for ${label}\n`,
    );
  });

  it('takes a sheet from the scanner to the pipe', async () => {
    const { default: jpeg } = await import('jpeg-js');
    const { encodeQR } = await import('qr');
    const dots = encodeQR((lines[2] ?? '').toUpperCase(), 'raw', { ecc: 'high', border: 4 });
    const side = dots.length * 6;
    const data = Buffer.alloc(side * side * 4, 255);
    for (let i = 0; i < side * side; i += 1)
      if (dots[Math.floor(i / side / 6)]?.[Math.floor((i % side) / 6)]) data.fill(0, i * 4, i * 4 + 3);
    fs.writeFileSync(at('sheet.jpg'), jpeg.encode({ width: side, height: side, data }, 90).data);
    const ran = shell(
      'sss scan sheet.jpg --out - | sss wrap --manifest set/manifest.json --to session.pub.pem --out sheet.wrapped',
    );
    expect(ran.stderr).toMatch(/^sss: note: standard output: \S+, read from sheet\.jpg, checksum OK\n$/);
    expect(decrypt('session', 'sheet.wrapped').toString()).toBe(lines[2]);
    for (const [to, found] of [
      ['sheet.txt', 'no pipe'],
      ['/dev/null', 'a terminal or another device'],
    ]) {
      const refused = shell(`sss scan sheet.jpg --out - > ${to}`);
      expect(refused.status).toBe(3);
      expect(refused.stderr).toContain(`sss: error: standard output: ${found}, wanted a pipe\n`);
    }
    expect(text('sheet.txt')).toBe('');
  });
});

describe('the manifest', () => {
  it('records for whom a shard was wrapped, and the digest of what was written', async () => {
    const { shards } = parseManifest(text('set/manifest.json'));
    const shown = (await run('manifest #set/manifest.json')).out;
    for (const [i, name] of ['kms', 'hsm'].entries()) {
      openssl(`pkey -pubin -in ${name}.pem -outform DER -out ${name}.der`);
      const sums = openssl(`dgst -sha256 -r ${name}.der set/shard-${i + 1}.wrapped`)
        .toString()
        .split('\n');
      const [key, sha256] = sums.map((line) => line.slice(0, 64));
      expect(shards[i]?.wrapped).toEqual({ key, hash: name === 'hsm' ? 'sha1' : 'sha256', sha256 });
      expect(shown).toContain(`SHA-256 ${sha256}\n`);
      expect(shown).toContain(`wrapped for ${fingerprintWords(key ?? '')}\n`);
    }
    expect(shards[2]).not.toHaveProperty('wrapped');
  });

  it('is refused when anything of it is changed, missing, or said without a seal', async () => {
    const good = text('set/manifest.json');
    expect(sealHolds(parseManifest(good))).toBe(true);
    const change = (
      of: (
        wrapped: Record<string, unknown>,
        shard: Record<string, unknown>,
        all: Record<string, unknown>,
      ) => void,
    ) => {
      const json = JSON.parse(good);
      of(json.shards[0].wrapped, json.shards[0], json);
      fs.writeFileSync(at('changed.json'), JSON.stringify(json));
      return run('manifest #changed.json');
    };
    const zeros = '0'.repeat(64);
    const changes: [Parameters<typeof change>[0], code: number, message: RegExp][] = [
      [(wrapped) => Object.assign(wrapped, { key: zeros }), 1, /its seal does not fit/],
      [(wrapped) => Object.assign(wrapped, { hash: 'sha1' }), 1, /its seal does not fit/],
      [(wrapped) => Object.assign(wrapped, { sha256: zeros }), 1, /its seal does not fit/],
      [(_, shard) => delete shard.wrapped, 1, /its seal does not fit/],
      [
        (wrapped, _, all) => Object.assign((all.shards as object[])[2] ?? {}, { wrapped }),
        1,
        /its seal does not fit/,
      ],
      [(_, shard) => Object.assign(shard, { wrapped: null }), 3, /shard 1, wrapped is not an object/],
      [(wrapped) => Object.assign(wrapped, { hash: 'md5' }), 3, /wrapped: hash must be sha256 or sha1/],
      [(wrapped) => delete wrapped.sha256, 3, /wrapped: sha256 must be 64 hex digits/],
      [
        (wrapped) => Object.assign(wrapped, { more: 1 }),
        3,
        /wrapped has a field that version 1 doesn't know/,
      ],
      [(_, __, all) => delete all.seal, 3, /wrapped needs a seal/],
    ];
    for (const [of, code, message] of changes) {
      const ran = await change(of);
      expect(errorOf(ran)).toMatch(message);
      expect(ran).toMatchObject({ code, out: '' });
    }
  });

  it('of an older sss keeps its sealed text and its seal', () => {
    const old = parseManifest(fs.readFileSync('tests/vectors/manifest-unwrapped.json', 'utf8'));
    expect(old.shards.every((shard) => shard.wrapped === undefined)).toBe(true);
    expect(sealHolds(old)).toBe(true);
    const wrapped = { key: '1'.repeat(64), hash: 'sha256', sha256: '2'.repeat(64) } as const;
    const rows = (manifest: typeof old): unknown[][] =>
      JSON.parse(sealedText(manifest).split('\n')[1] ?? '').at(-1);
    const [first, ...rest] = old.shards;
    if (!first) throw new Error('no shard');
    const more = { ...old, shards: [{ ...first, wrapped }, ...rest] };
    expect(rows(more)[0]).toEqual([...(rows(old)[0] ?? []), [wrapped.key, 'sha256', wrapped.sha256]]);
    expect(rows(more).slice(1)).toEqual(rows(old).slice(1));
  });
});

describe('published vectors of RSA-OAEP', () => {
  it('open, or are refused, as Wycheproof says; no label is ever taken', () => {
    const { privateKeyPkcs8, tests } = JSON.parse(fs.readFileSync('tests/vectors/rsa-oaep.json', 'utf8')) as {
      privateKeyPkcs8: string;
      tests: { tcId: number; msg: string; ct: string; label: string; result: string }[];
    };
    const base64 = Buffer.from(privateKeyPkcs8, 'hex').toString('base64').replace(/.{64}/g, '$&\n');
    const pem = Buffer.from(`-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`);
    const key = rsaKeyFrom('vector', pem, 'PRIVATE');
    let opened = 0;
    for (const { tcId, msg, ct, label, result } of tests) {
      const open = () => toHex(unwrap(key, Uint8Array.from(Buffer.from(ct, 'hex'))));
      if (result === 'valid' && label === '') {
        expect(open(), `${tcId}`).toBe(msg);
        opened += 1;
      } else expect(open, `${tcId}`).toThrow(ShardError);
    }
    expect(opened).toBeGreaterThan(9);
  });
});

describe('refused', () => {
  const rsa = (modulusLength: number, publicExponent = 65_537) =>
    generateKeyPairSync('rsa', { modulusLength, publicExponent });
  const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const PUBLIC: [name: string, make: () => string | Buffer, code: number, message: string][] = [
    [
      'a private key',
      () => pairs.kms?.privateKey.export(pkcs8) ?? '',
      1,
      'a private key, wanted a public one',
    ],
    [
      'both halves',
      () => `${pairs.kms?.publicKey.export(spki)}${pairs.kms?.privateKey.export(pkcs8)}`,
      1,
      'a private key',
    ],
    ['2048 bits', () => rsa(2048).publicKey.export(spki), 1, 'RSA-2048, wanted RSA-3072 to RSA-8192'],
    ['an exponent of 3', () => rsa(3072, 3).publicKey.export(spki), 1, 'an exponent below 65537'],
    ['an elliptic curve', () => ec().publicKey.export(spki), 1, 'a key for ec, wanted RSA-3072'],
    [
      'RSA-PSS',
      () => generateKeyPairSync('rsa-pss', { modulusLength: 3072 }).publicKey.export(spki),
      1,
      'a key for rsa-pss',
    ],
    [
      'PKCS #1',
      () => pairs.kms?.publicKey.export({ format: 'pem', type: 'pkcs1' }) ?? '',
      3,
      'no public key in PEM',
    ],
    [
      'DER',
      () => pairs.kms?.publicKey.export({ format: 'der', type: 'spki' }) ?? '',
      3,
      'no public key in PEM',
    ],
    [
      'rubbish in PEM',
      () => '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
      3,
      'no public key in PEM',
    ],
    ['nothing', () => '', 3, 'no public key in PEM'],
    ['a shard', () => lines[2] ?? '', 3, 'no public key in PEM'],
    ['too much', () => Buffer.alloc(20_000, 'a'), 3, 'larger than 16384 bytes, so it is not a key'],
  ];
  it('keys that a shard is not wrapped for, by every command, and nothing is written', async () => {
    for (const [name, make, code, message] of PUBLIC) {
      fs.writeFileSync(at('bad.pem'), make());
      const commands = [
        'session-key --show #bad.pem',
        'wrap --manifest #set/manifest.json --to #bad.pem --out #none #set/shard-3.txt',
        'generate --threshold 2 --bytes 32 --key-name k --generation 1 --holder A --holder B --wrap-to 2=#bad.pem --out #none',
        'combine --manifest #set/manifest.json --unwrap-with #session.key --wrap-to #bad.pem --out #none #1.wrapped #2.wrapped',
        'reissue --manifest #set/manifest.json --number 3 --unwrap-with #session.key --wrap-to #bad.pem --out #none #1.wrapped #2.wrapped',
      ];
      for (const command of commands) {
        const ran = await run(command);
        expect(errorOf(ran), `${name}: ${command}`).toContain(`sss: error: ${room}/bad.pem: ${message}`);
        expect(ran, name).toMatchObject({ code, out: '' });
        expect(fs.existsSync(at('none'))).toBe(false);
      }
    }
  }, 120_000);

  it('keys that open nothing', async () => {
    const encrypted = rsa(3072).privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' });
    const bad: [make: string | Buffer, code: number, message: string][] = [
      [text('session.pub.pem'), 3, 'no private key in PEM'],
      [encrypted, 3, 'no private key in PEM'],
      [pairs.kms?.privateKey.export({ format: 'pem', type: 'pkcs1' }) ?? '', 3, 'no private key in PEM'],
      [ec().privateKey.export(pkcs8), 1, 'a key for ec'],
      [rsa(2048).privateKey.export(pkcs8), 1, 'RSA-2048, wanted RSA-3072'],
    ];
    for (const [key, code, message] of bad) {
      fs.writeFileSync(at('bad.key'), key);
      const ran = await run(
        'combine --manifest #set/manifest.json --unwrap-with #bad.key --out #none #1.wrapped #2.wrapped',
      );
      expect(errorOf(ran)).toContain(`sss: error: ${room}/bad.key: ${message}`);
      expect(ran).toMatchObject({ code, out: '' });
    }
  });

  it('clear shards with a session key, wrapped ones without, and those of another key; M good ones are enough', async () => {
    const combine = 'combine --manifest #set/manifest.json --out #none';
    const clear = await run(`${combine} --unwrap-with #session.key #1.wrapped #set/shard-3.txt`);
    expect(errorOf(clear)).toBe(
      `sss: error: ${room}/set/shard-3.txt: a shard in clear, and --unwrap-with takes wrapped ones\nsss: hint: Wrap it for the session key: sss wrap reads it from a pipe.\n`,
    );
    expect(clear.code).toBe(3);
    const wrapped = await run(`${combine} #1.wrapped #2.wrapped`);
    expect(wrapped.code).toBe(3);
    expect(errorOf(wrapped)).toMatch(
      /1\.wrapped: not a shard: .*\n.*A wrapped shard needs --unwrap-with\.\n$/,
    );
    fs.writeFileSync(at('short.wrapped'), read('2.wrapped').subarray(1));
    const foreign = await run(
      `${combine} --unwrap-with #session.key #set/shard-1.wrapped #short.wrapped #3.wrapped`,
    );
    expect(foreign.code).toBe(1);
    expect(errorOf(foreign)).toContain('set/shard-1.wrapped: does not open with this session key; ');
    expect(errorOf(foreign)).toContain(
      'short.wrapped: 383 bytes, and what is wrapped for this key has 384; 1 good shard, and 2 are needed',
    );
    const spare = await run(
      `combine --manifest #set/manifest.json --out #spare.key --unwrap-with #session.key #1.wrapped #set/shard-1.wrapped #3.wrapped`,
    );
    expect(spare.code, spare.err).toBe(0);
    expect(spare.err).toContain('set/shard-1.wrapped: does not open with this session key; left out');
    const raw = await run(
      'combine --format vault-hex --threshold 2 --unwrap-with #session.key --out #none #1.wrapped #2.wrapped',
    );
    expect(raw).toMatchObject({ code: 1, out: '' });
    const real = await sss(
      [
        'combine',
        '--format',
        'vault-hex',
        '--threshold',
        '2',
        '--wrap-to',
        at('kms.pem'),
        '--out',
        at('none'),
        at('1.wrapped'),
      ],
      {},
    );
    expect(real.code).toBe(2);
    expect(real.err).toContain('--wrap-to does not go with --format');
  });

  it('command lines that name no key, the wrong shard, one twice or one key for two', async () => {
    const deal =
      'generate --threshold 2 --bytes 32 --key-name k --generation 1 --holder A --holder B --out #none';
    for (const [argv, code, message] of [
      [`${deal} --wrap-to #kms.pem`, 2, 'wanted N=FILE with N from 1 to 2, each once'],
      [`${deal} --wrap-to 0=#kms.pem`, 2, 'wanted N=FILE with N from 1 to 2, each once'],
      [`${deal} --wrap-to 3=#kms.pem`, 2, 'wanted N=FILE with N from 1 to 2, each once'],
      [`${deal} --wrap-to 1=#kms.pem --wrap-to 1=#hsm.pem`, 2, 'each once'],
      [
        `${deal} --wrap-to 1=#kms.pem --wrap-to 2=#kms.pem,sha1`,
        1,
        'kms.pem,sha1: the same key as for shard 1',
      ],
      [`${deal} --wrap-to 1=#missing.pem`, 3, 'missing.pem: no such file'],
      [`${deal} --wrap-to 1=-`, 2, '-: wanted the name of a file'],
      ['wrap --manifest #set/manifest.json --to - --out #none', 2, '-: wanted the name of a file'],
      ['session-key', 2, 'wanted one of --out NAME and --show FILE'],
      ['session-key --out #none --show #kms.pem', 2, 'wanted one of --out NAME and --show FILE'],
      ['verify --manifest #set/manifest.json - -', 2, '-: standard input is read once'],
      ['combine --manifest #set/manifest.json --out #none -', 2, '-: wanted the name of a file'],
      ['inspect -', 2, '-: wanted the name of a file'],
      ['verify --manifest - #set/shard-3.txt', 2, '--manifest -: wanted the name of a file'],
    ] as const) {
      const ran = await run(argv);
      expect(errorOf(ran), argv).toContain(message);
      expect(ran, argv).toMatchObject({ code, out: '' });
      expect(fs.existsSync(at('none'))).toBe(false);
    }
  });

  it('files that exist', async () => {
    fs.writeFileSync(at('there'), 'theirs');
    fs.writeFileSync(at('half.pub.pem'), 'theirs');
    const shards = '--manifest #set/manifest.json --unwrap-with #session.key #1.wrapped #2.wrapped';
    for (const argv of [
      'session-key --out #session',
      'session-key --out #half',
      'wrap --manifest #set/manifest.json --to #kms.pem --out #there #set/shard-3.txt',
      `combine --wrap-to #kms.pem --out #there ${shards}`,
      `reissue --number 3 --wrap-to #kms.pem --out #there ${shards}`,
    ]) {
      const ran = await run(argv);
      expect(errorOf(ran), argv).toMatch(/: exists already\n/);
      expect(ran.code).toBe(3);
    }
    expect([text('there'), text('half.pub.pem')]).toEqual(['theirs', 'theirs']);
    expect(fs.existsSync(at('half.key'))).toBe(false);
  });

  it('what a pipe should not hold, and what is no pipe', () => {
    const wrapped = 'sss wrap --manifest set/manifest.json --to session.pub.pem --out none';
    const before = fs.readdirSync(room).sort();
    for (const [script, code, message] of [
      [`${wrapped} < /dev/null`, 3, 'standard input: a terminal or another device, wanted a pipe'],
      [`true | ${wrapped}`, 3, 'standard input: empty'],
      // Gigabytes: the writer is cut off, as the reader stops after some kilobytes.
      [`yes | ${wrapped}`, 3, 'standard input: larger than 4096 bytes, so it is not a shard'],
      [`cat set/shard-3.txt <(echo) set/shard-3.txt | ${wrapped}`, 3, 'standard input: more than one shard'],
      [`cat set/shard-1.wrapped | ${wrapped}`, 3, 'standard input: not a shard'],
      [`tr q p < set/shard-3.txt | tr p q | ${wrapped}`, 1, 'standard input: the checksum is wrong'],
      [
        `python3 -c 'import pty; pty.spawn(["node", "${program}", "verify", "--manifest", "set/manifest.json", "-"])' < /dev/null`,
        0,
        'standard input: a terminal or another device',
      ],
    ] as const) {
      const ran = shell(`set +o pipefail\n${script}`);
      expect(ran.stderr + ran.stdout, script).toContain(`sss: error: ${message}`);
      if (code > 0) expect(ran.status, script).toBe(code);
    }
    expect(fs.readdirSync(room).sort()).toEqual(before);
  });
});

/** Loaded before the program: keeps a copy of every byte that it writes and every argument that it starts with. */
const HOOK = `
const fs = require('node:fs');
const { writeSync } = fs;
const log = fs.openSync(process.env.LOG, 'a');
fs.writeSync = (fd, ...args) => { writeSync(log, ...args.slice(0, 1)); return writeSync(fd, ...args); };
writeSync(log, process.argv.join(' '));
`;

describe('nothing of a shard or of the key', () => {
  it('is written anywhere by the commands that wrap, not even for a moment', () => {
    const log = path.join(scratch(), 'log');
    const hook = path.join(scratch(), 'hook.cjs');
    fs.writeFileSync(hook, HOOK);
    const shards = '--manifest set/manifest.json --unwrap-with session.key 1.wrapped 2.wrapped';
    const ran = shell(`set -e
export LOG='${log}' NODE_OPTIONS='--require ${hook}'
cat set/shard-3.txt | sss wrap --manifest set/manifest.json --to other.pem --out leak-3.wrapped
cat set/shard-3.txt | sss verify --manifest set/manifest.json --json -
sss combine --wrap-to service.pem --out leak.wrapped ${shards}
sss reissue --number 3 --wrap-to other.pem --out leak-again.wrapped ${shards}
sss reshare --threshold 2 --generation 2 --holder X --holder Y --wrap-to 1=kms.pem --wrap-to 2=other.pem --out leak-set ${shards}`);
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    const key = keyOf();
    const secrets = [
      ...lines.flatMap((line) =>
        Array.from({ length: line.length - 15 }, (_, i) => line.slice(4 + i, 16 + i)),
      ),
      ...(decrypt('kms', 'leak-set/shard-1.wrapped').toString().match(/.{12}/g)?.slice(1) ?? []),
      ...(decrypt('other', 'leak-set/shard-2.wrapped').toString().match(/.{12}/g)?.slice(1) ?? []),
      ...[key.toString('latin1'), key.toString('hex'), key.toString('base64')],
    ].filter((secret) => secret.length >= 12);
    const written = fs.readFileSync(log).toString('latin1');
    expect(written).toContain('leak-set');
    expect(written.length).toBeGreaterThan(4000);
    for (const secret of secrets)
      if (written.includes(secret)) throw new Error('a part of a secret was written');
    // The search itself finds what is there.
    expect(secrets.some((secret) => text('set/shard-3.txt').includes(secret))).toBe(true);
  });
});

describe('hostile', () => {
  const FILES = 300;
  it(`${FILES} ciphertexts: the line that was wrapped, or a refusal that shows nothing`, () => {
    const session = rsaKeyFrom('session.key', read('session.key'), 'PRIVATE');
    const whole = Uint8Array.from(read('3.wrapped'));
    const edit = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { maxLength: 3 });
    fc.assert(
      fc.property(edit, fc.constantFrom(0, 0, 0, -1, 1, -384, 3000), (edits, more) => {
        const bytes = new Uint8Array(384 + more);
        bytes.set(whole.subarray(0, bytes.length));
        for (const [place, value] of edits) if (place < bytes.length) bytes[place] = value;
        const same = Buffer.from(bytes).equals(whole);
        let found: string | undefined;
        try {
          found = Buffer.from(unwrap(session, bytes)).toString();
        } catch (error) {
          if (!(error instanceof ShardError) || error.code !== 'wrapped') throw error;
        }
        expect(found).toBe(same ? lines[2] : undefined);
      }),
      { numRuns: FILES, examples: [[[], 0]] },
    );
  });

  it(`${FILES} texts of a key: this key, or one clear refusal`, () => {
    const pem = read('session.pub.pem');
    let [good, bad] = [0, 0];
    const edit = fc.array(fc.tuple(fc.nat({ max: pem.length - 1 }), fc.nat({ max: 255 })), { maxLength: 2 });
    fc.assert(
      fc.property(edit, fc.nat({ max: pem.length }), fc.boolean(), (edits, end, cut) => {
        const bytes = Buffer.from(pem);
        for (const [place, value] of edits) bytes[place] = value;
        try {
          const key = rsaKeyFrom('k', cut ? bytes.subarray(0, end) : bytes, 'PUBLIC');
          expect(key.asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(3072);
          good += 1;
        } catch (error) {
          if (!(error instanceof CliError)) throw error;
          expect(error.message).toMatch(/^k: [ -~]+$/);
          bad += 1;
        }
      }),
      { numRuns: FILES, examples: [[[], 0, false]] },
    );
    expect(Math.min(good, bad)).toBeGreaterThan(10);
  });
});
