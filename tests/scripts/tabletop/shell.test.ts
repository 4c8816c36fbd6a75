/** The drill's shell: state stays, every failure is seen, nothing survives. Real bash, no stand-in. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTool } from '../../../scripts/tabletop/machine/tools';
import { type BlockResult, openShell, type Shell } from '../../../scripts/tabletop/shell/shell';
import { becomes, processesThat } from '../living';

const path = [
  ...new Set(
    ['sleep', 'cat', 'head', 'ls', 'id', 'grep', 'mkdir', 'rmdir'].map((name) => dirname(findTool(name))),
  ),
].join(':');

let root: string;
let shell: Shell;
const open = (env: Record<string, string> = {}, maxOutputBytes?: number) =>
  openShell({
    cwd: join(root, 'start'),
    home: join(root, 'home'),
    folder: join(root, 'jo bs'),
    path,
    env,
    ...(maxOutputBytes === undefined ? {} : { maxOutputBytes }),
  });
const run = (
  text: string,
  options: { id?: string; timeoutSeconds?: number; stdin?: string } = {},
): Promise<BlockResult> => shell.run({ id: 'UNS-01', timeoutSeconds: 20, ...options, text });

/** Name of the program that a living process runs now. */
const nameOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Names of the living processes of a session (proc(5)). */
const livingOf = (session: number) =>
  processesThat((read) => {
    const [, program, rest = ''] = /^\d+ \((.*)\) (.*)/.exec(read('stat')) ?? [];
    const [state, , , own] = rest.split(' ');
    return state !== 'Z' && Number(own) === session ? program : undefined;
  });

beforeEach(() => {
  // A space in the path: everything has to be quoted.
  root = realpathSync(mkdtempSync(join(tmpdir(), "it's a shell-")));
  for (const name of ['start', 'home', 'jo bs']) mkdirSync(join(root, name), { mode: 0o700 });
  shell = open();
});

afterEach(async () => {
  await shell.close();
  expect(alive(shell.pid)).toBe(false);
  rmSync(root, { recursive: true, force: true });
});

describe('state', () => {
  it('runs a block and tells its outputs apart', async () => {
    const result = await run('echo out\necho err >&2');
    expect(result).toMatchObject({
      status: 0,
      errEvents: [],
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      flooded: false,
      died: false,
      trapChanged: false,
    });
    expect(result.milliseconds).toBeGreaterThan(0);
  });

  it('keeps folder, variables, exports, functions, options, umask and aliases from block to block', async () => {
    await run('umask 077; mkdir -p "$HOME/recovery" && cd "$HOME/recovery"; plain=1; export SHOWN=2');
    await run(
      'set -o pipefail; greet() { echo "hello $1"; }; shopt -s nullglob expand_aliases; alias hi="echo hi"',
    );
    const result = await run(
      'pwd; echo "$plain $SHOWN"; greet you; hi; echo *.none; umask; set -o | grep pipefail; >made; ls -l made | head -c 10',
    );
    expect(result.stdout).toBe(
      `${join(root, 'home', 'recovery')}\n1 2\nhello you\nhi\n\n0077\npipefail       \ton\n-rw-------`,
    );
  });

  it('starts with umask 022, so that a page has to set its own', async () => {
    expect((await run('umask')).stdout).toBe('0022\n');
  });

  it('gives the listed environment and nothing else', async () => {
    await shell.close();
    process.env.TABLETOP_AMBIENT = 'must not be seen';
    shell = open({ LANG: 'C.UTF-8', TWO: 'a b' });
    delete process.env.TABLETOP_AMBIENT;
    const names = (await run('export -p')).stdout.match(/(?<=declare -x )\w+/g);
    expect(names?.sort()).toEqual(['HOME', 'LANG', 'OLDPWD', 'PATH', 'PWD', 'SHLVL', 'TWO']);
    expect((await run('echo "$TWO|$HOME|$PATH"')).stdout).toBe(`a b|${join(root, 'home')}|${path}\n`);
  });

  it('keeps two shells apart', async () => {
    mkdirSync(join(root, 'home2'));
    mkdirSync(join(root, 'jobs2'));
    const other = openShell({
      cwd: root,
      home: join(root, 'home2'),
      folder: join(root, 'jobs2'),
      path,
      env: {},
    });
    await Promise.all([
      run('x=1; sleep 0.2'),
      other.run({ id: 'A', text: 'x=2; sleep 0.2', timeoutSeconds: 5 }),
    ]);
    expect((await run('echo $x')).stdout).toBe('1\n');
    expect((await other.run({ id: 'B', text: 'echo $x', timeoutSeconds: 5 })).stdout).toBe('2\n');
    expect(await other.close()).toEqual({ left: [] });
    expect((await run('echo still here')).stdout).toBe('still here\n');
  });

  it('refuses a HOME that is not its own, a bad id, a NUL and a missing stdin', async () => {
    const bad = { cwd: root, folder: join(root, 'jo bs'), path, env: {} };
    expect(() => openShell({ ...bad, home: homedir() })).toThrow(RangeError);
    expect(() => openShell({ ...bad, home: '/tmp' })).toThrow(RangeError);
    await expect(run('echo', { id: '../x' })).rejects.toThrow(RangeError);
    await expect(run('echo \0')).rejects.toThrow(RangeError);
    await expect(run('echo', { stdin: join(root, 'none') })).rejects.toThrow(RangeError);
    expect((await run('echo ok')).stdout).toBe('ok\n');
  });
});

describe('failures', () => {
  const events = async (text: string) =>
    (await run(text)).errEvents.map(({ status, line }) => [line, status]);

  it('sees a command that fails in the middle', async () => {
    const result = await run('echo a\nfalse\necho b');
    expect(result).toMatchObject({
      status: 0,
      stdout: 'a\nb\n',
      errEvents: [{ status: 1, line: 2, depth: 0 }],
    });
  });

  it('sees what bash hides: in functions, subshells, substitutions, export and redirections', async () => {
    expect(await events('f() {\n  (exit 4)\n  true\n}\n\nf')).toEqual([[6, 4]]);
    expect(await events('\n(false; true)')).toEqual([[2, 1]]);
    expect(await events('export X=$(cat /none)')).toEqual([[1, 1]]);
    expect(await events('\n\ncat < <(false)')).toEqual([[3, 1]]);
    expect(await events('echo "$(false)"')).toEqual([[1, 1]]);
    expect(await events('g() { false; }')).toEqual([]);
    expect(await events('echo x\ng')).toEqual([[2, 1]]);
  });

  it('sees a failing element of a pipeline only with pipefail, as the operator does', async () => {
    expect(await run('false | cat')).toMatchObject({ status: 0, errEvents: [] });
    expect(await run('set -o pipefail\nfalse | cat')).toMatchObject({
      status: 1,
      errEvents: [{ status: 1, line: 2 }],
    });
  });

  it('leaves conditions alone, and gives the status of the last command', async () => {
    expect(await events('if false; then :; fi\nfalse || true\n! true\nwhile false; do :; done')).toEqual([]);
    expect(await run('false && echo ok')).toMatchObject({ status: 1, errEvents: [] });
    expect(await run('(exit 255)')).toMatchObject({
      status: 255,
      errEvents: [{ status: 255, line: 1, depth: 0 }],
    });
    expect(await run('nonsense-command')).toMatchObject({
      status: 127,
      errEvents: [{ status: 127, line: 1 }],
    });
  });

  it('sees a syntax error', async () => {
    const result = await run('echo a\nif true; then\necho "b');
    expect(result.status).not.toBe(0);
    expect(result.stderr).toContain('unexpected EOF');
    expect((await run('echo on')).stdout).toBe('on\n');
  });

  it('sees failures whatever IFS, nounset and noclobber are', async () => {
    await run('IFS=/; set -u; set -o noclobber');
    expect(await run('\nfalse; false\ntrue')).toMatchObject({
      errEvents: [
        { status: 1, line: 2 },
        { status: 1, line: 2 },
      ],
    });
  });

  it('tells when a block removes the trap, and sets it again', async () => {
    expect(await run('trap - ERR\nfalse\ntrue')).toMatchObject({ status: 0, trapChanged: true });
    expect(await run('trap "echo mine" ERR\nfalse\ntrue')).toMatchObject({ trapChanged: true });
    expect(await run('set +E; f() { false; true; }; f')).toMatchObject({ trapChanged: false });
    expect(await run('f')).toMatchObject({
      status: 0,
      trapChanged: false,
      errEvents: [{ status: 1, line: 1 }],
    });
  });
});

describe('a shell that dies', () => {
  it.each([
    ['exit', 'echo a; exit 3; echo b', 3],
    ['set -e', 'echo a\nset -e\nfalse\necho b', 1],
    ['exec', 'echo a; exec cat', 0],
    ['a signal', 'echo a; kill -TERM $$; sleep 5', 143],
    ['kill -9', 'echo a; kill -KILL $$; sleep 5', 137],
    ['an unset variable', 'echo a; set -u; : "$NOT_THERE"; echo b', 1],
  ])('is seen after %s', async (_name, text, status) => {
    const result = await run(text);
    expect(result).toMatchObject({ died: true, timedOut: false, status, stdout: 'a\n' });
    expect(await run('echo more')).toMatchObject({ died: true, stdout: '', status });
  });

  it('is seen when an option of an earlier block kills it', async () => {
    expect(await run('set -e')).toMatchObject({ died: false, status: 0 });
    expect(await run('false\necho b')).toMatchObject({ died: true, status: 1, stdout: '' });
  });

  it('is seen when every descriptor is closed', async () => {
    const result = await run('for n in {3..255}; do eval "exec $n>&-"; done; echo closed', {
      timeoutSeconds: 3,
    });
    expect(result).toMatchObject({ died: true, stdout: 'closed\n' });
  });
});

describe('descriptors', () => {
  it('gives a block no stdin, or the declared one, and keeps the commands from it', async () => {
    expect(await run('cat; read -r x; echo "[$x]"')).toMatchObject({ stdout: '[]\n' });
    writeFileSync(join(root, 'pin'), '4321\nsecond\n');
    expect(await run('read -r pin; echo "$pin"; cat', { stdin: join(root, 'pin') })).toMatchObject({
      stdout: '4321\nsecond\n',
    });
    expect((await run('exec </dev/null; echo still')).stdout).toBe('still\n');
    expect((await run('echo there')).stdout).toBe('there\n');
  });

  it('gives a block no descriptor but its three', async () => {
    // 255 or above 9 are bash's own copies, which no program inherits.
    expect((await run('ls /proc/self/fd')).stdout.trim().split(/\s+/)).toEqual(['0', '1', '2', '3']);
  });

  it('takes no verdict from a block that writes everywhere', async () => {
    const result = await run(
      'for n in {3..250}; do echo "0" >&$n; printf "0\\036\\036\\004" >&$n; done 2>/dev/null\n(exit 7)',
    );
    expect(result.status === 7 || result.died).toBe(true);
  });

  it('survives a block that closes its three', async () => {
    expect(await run('exec 0<&- 1>&- 2>&-')).toMatchObject({ status: 0, died: false });
    expect((await run('echo ok')).stdout).toBe('ok\n');
  });

  it('takes 10 MB and binary', async () => {
    const big = await run('head -c 10485760 /dev/zero');
    expect(big.stdout.length).toBe(10_485_760);
    const binary = await run("printf 'a\\000\\377\\nb'");
    expect(binary.stdout).toBe('a\0\ufffd\nb');
    expect([...readFileSync(binary.stdoutFile)]).toEqual([97, 0, 255, 10, 98]);
    expect(statSync(binary.stdoutFile).mode & 0o077).toBe(0o044);
  });

  it('stops a block that never stops printing', async () => {
    await shell.close();
    shell = open({}, 1_000_000);
    const result = await run('while :; do echo yes yes yes yes yes yes; done');
    expect(result).toMatchObject({ flooded: true, died: true, timedOut: false, status: 137 });
  });
});

describe('time', () => {
  it('kills a block at its deadline with all that it started', async () => {
    const result = await run('echo before\nsleep 333 | cat', { timeoutSeconds: 0.3 });
    expect(result).toMatchObject({ timedOut: true, died: true, status: 137, stdout: 'before\n' });
    expect(result.milliseconds).toBeGreaterThan(250);
    expect(livingOf(shell.pid)).toEqual([]);
  });

  it('kills one that ignores signals or is stopped', async () => {
    expect(await run("trap '' TERM INT HUP; kill -STOP $$", { timeoutSeconds: 0.3 })).toMatchObject({
      timedOut: true,
    });
  });
});

describe('a copy', () => {
  const copyOf = async (of: Shell) => (await of.fork?.()) as Shell;
  const block = { id: 'UNS-02', timeoutSeconds: 20 };

  it('stands where its shell began, whatever its folder is called by then', async () => {
    await shell.begun;
    const start = join(root, 'start');
    renameSync(start, `${start}.aside`);
    mkdirSync(start);
    const copy = await copyOf(shell);
    expect((await copy.run({ ...block, text: 'echo "$PWD"; : > here' })).stdout).toBe(`${start}\n`);
    expect(existsSync(join(start, 'here'))).toBe(true);
    await copy.close();
  });

  it('has the state, and gives nothing of its own back', async () => {
    await run('name=before; say() { echo "say $1"; }; umask 027; mkdir below; cd below; set -u');
    const copy = await copyOf(shell);
    expect(copy.pid).not.toBe(shell.pid);
    const seen = await copy.run({
      ...block,
      text: `say "$name \${PWD##*/} $(umask)"; name=after; cd /; say() { :; }`,
    });
    expect(seen).toMatchObject({ status: 0, stdout: 'say before below 0027\n', errEvents: [] });
    expect((await copy.run({ ...block, text: 'echo "$name $PWD"' })).stdout).toBe('after /\n');
    await expect(run('true')).rejects.toThrow('busy');
    expect(await copy.close()).toEqual({ left: [] });
    expect((await run(`say "$name \${PWD##*/}"`)).stdout).toBe('say before below\n');
  });

  it('sees the failures of its blocks as the shell does', async () => {
    const text = 'true\nfalse | cat\n(exit 3)\nf() { false; }; f || true; f\necho end';
    const [there, ...more] = [await run(text)];
    const copy = await copyOf(shell);
    const here = await copy.run({ ...block, text });
    expect(more).toEqual([]);
    expect(here.errEvents.map(({ line, status }) => [line, status])).toEqual(
      there?.errEvents.map(({ line, status }) => [line, status]),
    );
    expect(here.errEvents.length).toBeGreaterThan(1);
    await copy.close();
  });

  it.each([
    ['exits', 'exit 7', 7],
    ['is replaced', 'exec false', 1],
    ['is killed', 'kill -KILL $BASHPID', 137],
  ])('that %s is dead, and the shell is not', async (_, text, status) => {
    await run('name=kept');
    const copy = await copyOf(shell);
    expect(await copy.run({ ...block, text })).toMatchObject({ died: true, status });
    expect(await copy.run({ ...block, text: 'name=lost' })).toMatchObject({ died: true });
    await copy.close();
    expect((await run('echo "$name"')).stdout).toBe('kept\n');
  });

  it('is killed at its deadline with all that it started', async () => {
    const copy = await copyOf(shell);
    const result = await copy.run({ ...block, text: 'sleep 322 & sleep 322', timeoutSeconds: 0.3 });
    expect(result).toMatchObject({ timedOut: true, died: true });
    expect(livingOf(shell.pid)).toEqual(['bash']);
    await copy.close();
    expect((await run('echo here')).stdout).toBe('here\n');
  });

  it('names what it has left running', async () => {
    const copy = await copyOf(shell);
    await copy.run({ ...block, text: 'sleep 322 & disown' });
    expect((await copy.close()).left.map(({ name }) => name)).toEqual(['sleep']);
    expect(livingOf(shell.pid)).toEqual(['bash']);
  });

  it('is not made where the working folder is gone', async () => {
    await run('mkdir below; cd below; rmdir ../below');
    await expect(shell.fork?.()).rejects.toThrow('working folder is gone');
  });
});

describe('what is left behind', () => {
  it('is nothing after ordinary blocks', async () => {
    await run('echo a | cat; (echo b); sleep 0.01 & wait');
    expect(await shell.close()).toEqual({ left: [] });
    expect(await shell.close()).toEqual({ left: [] });
    await expect(run('echo')).rejects.toThrow('closed');
  });

  it.each([
    ['a background job', 'sleep 321 & echo $!'],
    ['a job with its own group', 'set -m; sleep 321 & echo $!'],
    ['a daemon in its own session', 'setsid sleep 321 >/dev/null 2>&1 </dev/null & echo $!'],
    [
      'a daemon without environment',
      'cd "$HOME"; env -i "$(command -v setsid)" "$(command -v sleep)" 321 <&- >&- 2>&- & echo $!',
    ],
    [
      'a daemon that left the folder',
      'cd /; env -i "$(command -v setsid)" "$(command -v sleep)" 321 & echo $!',
    ],
  ])('is found and ended: %s', async (_name, text) => {
    await shell.close();
    const setsid = dirname(findTool('setsid'));
    shell = openShell({
      cwd: join(root, 'start'),
      home: join(root, 'home'),
      folder: join(root, 'jo bs'),
      path: `${path}:${setsid}`,
      env: {},
    });
    const pid = Number((await run(text)).stdout);
    // It is bash, env and setsid before it is sleep.
    expect(await becomes(() => nameOf(pid) === 'sleep')).toBe(true);
    expect((await shell.close()).left).toContainEqual({ pid, name: 'sleep' });
    expect(alive(pid)).toBe(false);
  });

  it('is the history, when the page has not unset HISTFILE', async () => {
    const file = join(root, 'home', '.bash_history');
    await shell.close();
    shell = open({ HISTFILE: file });
    await run('echo one\necho two');
    await shell.close();
    expect(readFileSync(file, 'utf8')).toBe('echo one\necho two\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(file);
    shell = open({ HISTFILE: file });
    await run('unset HISTFILE; echo one');
    await shell.close();
    expect(existsSync(file)).toBe(false);
  });

  it('is nothing when the drill itself is killed in the middle of a block', async () => {
    const script = join(root, 'killed.ts');
    writeFileSync(
      script,
      `import { openShell } from ${JSON.stringify(resolve('scripts/tabletop/shell/shell'))};
       const shell = openShell(${JSON.stringify({ cwd: root, home: join(root, 'home'), folder: join(root, 'jo bs'), path, env: {} })});
       console.log(shell.pid);
       void shell.run({ id: 'A', text: 'sleep 322 & sleep 322', timeoutSeconds: 60 });`,
    );
    const drill = spawn(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const group = Number(
      await new Promise<string>((done) => drill.stdout?.once('data', (data) => done(String(data)))),
    );
    const sleeping = () => livingOf(group).filter((name) => name === 'sleep').length;
    expect(await becomes(() => sleeping() === 2)).toBe(true);
    process.kill(-(drill.pid as number), 'SIGKILL');
    expect(await becomes(() => livingOf(group).length === 0)).toBe(true);
  });

  it('is nothing in the project', () => {
    expect(readdirSync('.').filter((name) => name.startsWith('core') || name === 'made')).toEqual([]);
  });
});
