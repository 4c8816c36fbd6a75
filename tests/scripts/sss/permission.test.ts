/** The documented command line for Node 25 and later: no way out of the process, and sss works all the same. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { REFERENCE_PAGE } from '../../../scripts/sss/reference';
import { scratch } from './run';

// The permission model covers sockets since Node 25. CI brings such a Node where the tests run on an older one.
const major = Number(process.versions.node.split('.')[0]);
const node = process.env.NODE_WITH_PERMISSIONS ?? (major >= 25 ? process.execPath : undefined);

/** As the page prints it. */
const line =
  /^node --permission .* sss\.cjs COMMAND$/m.exec(fs.readFileSync(REFERENCE_PAGE, 'utf8'))?.[0] ?? '';

describe.runIf(node !== undefined)('under the documented command line of Node 25', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = fs.realpathSync(scratch());
    await bundleSss(cwd);
  });

  /** Runs the line with something else in place of the program and its command. */
  const run = (words: string, allow = '') => {
    const command = line.replace(/^node /, `"$NODE" ${allow}`).replace('sss.cjs COMMAND', words);
    const env = { PATH: process.env.PATH, HOME: cwd, NODE: node };
    return spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8', env });
  };

  const WAYS: [way: string, code: string][] = [
    ['a connection', "net.connect(9, '127.0.0.1').on('error', tell)"],
    ['a local socket', "net.connect('/tmp/none').on('error', tell)"],
    ['a server', "net.createServer().on('error', tell).listen(0)"],
    ['a datagram', "dgram.createSocket('udp4').on('error', tell).send('x', 9, '127.0.0.1', tell)"],
    ['a name', "dns.lookup('example.com', tell)"],
    ['a page', "fetch('http://127.0.0.1/').catch((error) => tell(error.cause ?? error))"],
    ['another program', "child_process.spawn('true').on('error', tell)"],
    ['a thread', "new worker_threads.Worker('0', { eval: true }).on('error', tell)"],
    ['a file of somebody else', "fs.readFile('/etc/hostname', tell)"],
  ];
  for (const [way, code] of WAYS) {
    it(`refuses ${way}`, () => {
      const program = `
const net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns'), fs = require('node:fs');
const child_process = require('node:child_process'), worker_threads = require('node:worker_threads');
const tell = (error) => { console.log(error?.code); process.exit(); };
try { ${code}; } catch (error) { tell(error); }`;
      fs.writeFileSync(path.join(cwd, 'way.cjs'), program);
      expect(run('way.cjs').stdout).toBe('ERR_ACCESS_DENIED\n');
    });
  }

  it('takes a set through its life', () => {
    const deal = '--threshold 2 --holder A --holder B --holder C';
    const three = 'set/shard-1.txt set/shard-3.txt';
    for (const command of [
      `generate --bytes 32 --key-name k --generation 1 ${deal} --out set`,
      `verify --manifest set/manifest.json ${three}`,
      `combine --manifest set/manifest.json --out key ${three}`,
      `reissue --manifest set/manifest.json --number 2 --out again.txt ${three}`,
      `reshare --manifest set/manifest.json --generation 2 ${deal} --out set2 ${three}`,
      'sheet --manifest set2/manifest.json --out sheet.html set2/shard-1.txt',
      'locate set2/shard-1.txt',
      'manifest set2/manifest.json',
    ])
      expect(run(`sss.cjs ${command}`), command).toMatchObject({ status: 0, stderr: '' });
    expect(fs.readFileSync(path.join(cwd, 'again.txt'))).toEqual(
      fs.readFileSync(path.join(cwd, 'set/shard-2.txt')),
    );
  });

  it('says what is denied, and signs once a child process is allowed', () => {
    const outside = run(`sss.cjs combine --out ../key set/shard-1.txt set/shard-2.txt`);
    expect(outside).toMatchObject({ status: 3, stdout: '' });
    expect(outside.stderr).toMatch(
      /denied by the permissions of this Node process\nsss: hint: Allow its folder/,
    );
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(cwd, 'witness')]);
    const sign = 'sss.cjs manifest --sign witness set/manifest.json';
    const denied = run(sign);
    expect(denied).toMatchObject({ status: 3, stdout: '' });
    expect(denied.stderr).toMatch(/ssh-keygen: denied .*\nsss: hint: Add --allow-child-process/);
    expect(run(sign, '--allow-child-process ').stdout).toMatch(
      /^set\/manifest.json.sig: signed with witness\n/,
    );
  });
});

it('is printed in the reference', () => {
  expect(line).toBe('node --permission --allow-fs-read="$PWD" --allow-fs-write="$PWD" sss.cjs COMMAND');
});
