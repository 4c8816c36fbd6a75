/** The sandbox: a machine with exactly what was listed, that notices what is left behind and always goes away. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHostile } from '../../../scripts/tabletop/machine/hostile-home';
import {
  createSandbox,
  removeFolder,
  type Sandbox,
  type SandboxOptions,
  sandboxParents,
  sandboxPrefix,
} from '../../../scripts/tabletop/machine/sandbox';
import { sweepSandboxes } from '../../../scripts/tabletop/machine/stale';
import { openShell, type Shell } from '../../../scripts/tabletop/shell/shell';
import { becomes, processesThat } from '../living';

const secrets = [
  {
    name: 'master key',
    value: Buffer.from('000102030405060708090a0b0c0d0e0ff0e0d0c0b0a090807060504030201000', 'hex'),
  },
  { name: 'shard 3', value: 'mks1zypqxqqpskyj25vmu3752fuxj6kfsyw6dzlm95vhmpqxvvs4ll65vfsu7hrd6' },
];

let scratch: string;
let sandbox: Sandbox | undefined;
let shell: Shell | undefined;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'with a space-'));
});

afterEach(async () => {
  await shell?.close();
  sandbox?.destroy();
  if (sandbox) expect(existsSync(sandbox.root)).toBe(false);
  sandbox = shell = undefined;
  rmSync(scratch, { recursive: true, force: true });
});

function make(options: Partial<SandboxOptions> = {}): Sandbox {
  sandbox = createSandbox({ tools: ['cat', 'mkdir', 'chmod', 'base64', 'od'], wrappers: {}, ...options });
  return sandbox;
}

async function run(text: string) {
  const { home, jobs, path, env, run: cwd } = sandbox as Sandbox;
  shell ??= openShell({ cwd, home, folder: jobs, path, env });
  return shell.run({ id: 'A', text, timeoutSeconds: 10 });
}

/** Runs the block, closes the shell, and says what the sandbox then complains about. */
async function leaksOf(text: string, declared: string[] = []): Promise<string[]> {
  const result = await run(text);
  expect(result, result.stderr).toMatchObject({ status: 0, died: false });
  await shell?.close();
  return (sandbox as Sandbox).leaks({ declared, secrets }).map(({ file, kind }) => `${kind} ${file}`);
}

describe('sandbox', () => {
  it('is private, and in memory where there is memory', () => {
    const { root, home, run: runtime } = make();
    expect(root.startsWith(`${sandboxParents()[0]}/${sandboxPrefix}`)).toBe(true);
    for (const folder of [root, home, runtime]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('has exactly the listed programs', async () => {
    const { path, missing } = make({ tools: ['cat', 'printf', 'cd', 'no-such-program', 'base64'] });
    expect(missing).toEqual(['no-such-program']);
    expect(
      readdirSync(path)
        .filter((name) => name !== 'printf')
        .sort(),
    ).toEqual(['base64', 'cat']);
    expect(await run('cd; printf a | cat; base64 --version >/dev/null')).toMatchObject({
      status: 0,
      stdout: 'a',
    });
    expect(await run('export LC_ALL=C\nls')).toMatchObject({
      status: 127,
      stderr: expect.stringContaining('ls: command not found'),
    });
    expect(() => make({ tools: ['../bin/ls'] })).toThrow(RangeError);
  });

  it('starts the stand-ins with their arguments as they are, and nothing of the host', async () => {
    const script = join(scratch, "it's.cjs");
    writeFileSync(
      script,
      'console.log(JSON.stringify({ argv: process.argv.slice(2), env: process.env, node: process.execPath }))',
    );
    process.env.TABLETOP_AMBIENT = 'x';
    make({
      wrappers: { aws: [process.execPath, script, 'aws', '{world}'] },
      env: { AWS_PROFILE: 'p', VAULT_CACERT: '{home}/ca.pem' },
    });
    delete process.env.TABLETOP_AMBIENT;
    const { stdout } = await run(`command aws kms 'two words' "" '*' 'a"b' --query 'x[?a==\`1\`]'`);
    const { argv, env, node } = JSON.parse(stdout) as {
      argv: string[];
      env: Record<string, string>;
      node: string;
    };
    const { world, home } = sandbox as Sandbox;
    expect(argv).toEqual(['aws', world, 'kms', 'two words', '', '*', 'a"b', '--query', 'x[?a==`1`]']);
    expect(node).toBe(process.execPath);
    expect(
      Object.keys(env)
        .filter((name) => !/^(_|PWD|OLDPWD|SHLVL)$/.test(name))
        .sort(),
    ).toEqual(
      // A stand-in is started by a shell that knows no exported functions.
      [...Object.keys((sandbox as Sandbox).env), 'HOME', 'PATH'].filter((name) => !/%%$/.test(name)).sort(),
    );
    expect(env).toMatchObject({ AWS_PROFILE: 'p', VAULT_CACERT: join(home, 'ca.pem'), HOME: home });
  });

  it('gives each scenario its own copy of home and world', () => {
    for (const name of ['home', 'world']) mkdirSync(join(scratch, name, 'sub'), { recursive: true });
    writeFileSync(join(scratch, 'home', 'sub', 'a'), '1');
    writeFileSync(join(scratch, 'world', 'aws.json'), '{}');
    const { home, world } = make({ home: join(scratch, 'home'), world: join(scratch, 'world') });
    writeFileSync(join(home, 'sub', 'a'), '2');
    expect(readFileSync(join(world, 'aws.json'), 'utf8')).toBe('{}');
    expect(readFileSync(join(scratch, 'home', 'sub', 'a'), 'utf8')).toBe('1');
  });

  it('can be put aside for copies, and comes back as it was', async () => {
    const machine = make();
    await run('umask 077; mkdir "$HOME/work"; cd "$HOME/work"; echo 1 > count; chmod 400 count');
    const aside = machine.setAside();
    for (const tries of [1, 2]) {
      const copy = aside.copy();
      expect(copy.root).toBe(machine.root);
      expect(readFileSync(join(copy.home, 'work', 'count'), 'utf8'), `${tries}`).toBe('1\n');
      expect(statSync(join(copy.home, 'work', 'count')).mode & 0o777).toBe(0o400);
      expect(readdirSync(copy.jobs)).toEqual([]);
      rmSync(join(copy.home, 'work'), { recursive: true });
      writeFileSync(join(copy.home, 'more'), '');
      expect(copy.leaks({ declared: [], secrets: [] }).map(({ file }) => file)).toEqual(['home/more']);
      copy.destroy();
    }
    aside.back();
    expect((await run('cat count; cat "$HOME/work/count"')).stdout).toBe('1\n1\n');
    expect(existsSync(join(machine.home, 'more'))).toBe(false);
    expect(existsSync(`${machine.root}.aside`)).toBe(false);
  });

  it('goes away whatever its modes are', () => {
    const { root, home, destroy } = make();
    mkdirSync(join(home, 'closed', 'inner'), { recursive: true });
    chmodSync(join(home, 'closed', 'inner'), 0o000);
    chmodSync(join(home, 'closed'), 0o000);
    destroy();
    expect(existsSync(root)).toBe(false);
    destroy();
  });
});

describe('leaks', () => {
  beforeEach(() => {
    make();
  });

  it('are none when a page cleans up', async () => {
    expect(
      await leaksOf('unset HISTFILE; umask 077; mkdir "$XDG_RUNTIME_DIR/recovery"; echo a >"$HOME/made"', [
        'home/made',
        'run/',
      ]),
    ).toEqual([]);
  });

  it('are files that no step declares, changes and removals', async () => {
    expect(
      await leaksOf('umask 077; unset HISTFILE; echo a >forgotten; echo b >>~/.curlrc; mkdir ~/d'),
    ).toEqual(['changed home/.curlrc', 'unexpected home/d', 'unexpected run/forgotten']);
  });

  it('are open modes', async () => {
    expect(await run('unset HISTFILE; mkdir recovery; echo a >recovery/key')).toMatchObject({ status: 0 });
    expect(sandbox?.looseModes()).toEqual([
      { file: 'run/recovery', kind: 'mode', message: 'mode 0755, wanted 0700' },
      { file: 'run/recovery/key', kind: 'mode', message: 'mode 0644, wanted 0600' },
    ]);
    // What its owner may only read is as private.
    const closed = 'chmod 700 recovery; echo a >recovery/old; chmod 600 recovery/key; chmod 400 recovery/old';
    expect(await leaksOf(closed, ['run/'])).toEqual([]);
  });

  it.each([
    ['raw', 'printf "$RAW" >f'],
    ['hex', 'printf "$K" >f'],
    ['a hex dump', 'printf "$RAW" | od -An -v -tx1 >f'],
    ['base64', 'printf "$RAW" | base64 -w 20 >f'],
    ['a name of a file', '>"$K"'],
  ])('are secrets: the key as %s', async (_form, text) => {
    const key = Buffer.from(secrets[0]?.value as Uint8Array).toString('hex');
    const found = await leaksOf(
      `unset HISTFILE; umask 077; K=${key}; RAW='${key.replace(/../g, '\\x$&')}'; ${text}`,
      ['run/'],
    );
    expect(found.filter((leak) => leak.startsWith('secret run/'))).toHaveLength(1);
  });

  it.each([
    ['as it is', (text: string) => text],
    ['in upper case', (text: string) => text.toUpperCase()],
    ['in groups', (text: string) => text.toUpperCase().replace(/.{5}/g, '$& ')],
    ['in base64', (text: string) => Buffer.from(`${text}\n`).toString('base64')],
  ])('are secrets: a shard %s, also in what a block printed', async (_form, write) => {
    writeFileSync(join((sandbox as Sandbox).home, 'source'), write(String(secrets[1]?.value)));
    const found = await leaksOf('unset HISTFILE; umask 077; cat ~/source', ['home/source']);
    expect(found).toEqual(['secret home/source', 'secret jobs/01-A.out']);
  });
});

describe('a hostile home', () => {
  it('notices a page that does not unset HISTFILE', async () => {
    make();
    expect(await leaksOf('echo a >/dev/null')).toEqual(['changed home/.bash_history']);
  });

  it('keeps every AWS profile of the fixture, with settings that a page must not rely on', () => {
    mkdirSync(join(scratch, '.aws'));
    writeFileSync(
      join(scratch, '.aws', 'config'),
      '[profile masterkey-recovery]\nregion = us-east-1\nrole_arn = x\n',
    );
    writeFileSync(join(scratch, '.aws', 'credentials'), '[masterkey-recovery]\na = b\n[other]\na = b\n');
    makeHostile(scratch);
    expect(readFileSync(join(scratch, '.aws', 'config'), 'utf8')).toBe(
      ['profile masterkey-recovery', 'default', 'profile other']
        .map(
          (name) =>
            `[${name}]\nregion = af-south-1\noutput = table\ncli_history = enabled\ncli_pager = less\n${name.endsWith('recovery') ? 'role_arn = x\n' : ''}`,
        )
        .join(''),
    );
    expect(readFileSync(join(scratch, '.psqlrc'), 'utf8')).toContain('\\echo settings read from .psqlrc\n');
  });

  it('is the same when it is made twice', () => {
    makeHostile(scratch);
    const first = readFileSync(join(scratch, '.aws', 'config'), 'utf8');
    makeHostile(scratch);
    expect(readFileSync(join(scratch, '.aws', 'config'), 'utf8')).toBe(first);
  });
});

describe('after a kill', () => {
  const script = (body: string) => {
    const file = join(scratch, 'killed.ts');
    writeFileSync(
      file,
      `import { createSandbox } from ${JSON.stringify(resolve('scripts/tabletop/machine/sandbox'))};
       const { root, home, setAside } = createSandbox({ tools: [], wrappers: {} });
       ${body}
       console.log(root);
       setInterval(() => {}, 1000);`,
    );
    return spawn(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
  };
  const rootOf = (child: ReturnType<typeof script>) =>
    new Promise<string>((done) => child.stdout?.once('data', (data) => done(String(data).trim())));

  it('of the drill, the sandbox and what runs with its HOME are gone', async () => {
    const child = script(`
      import('node:fs').then(({ writeFileSync }) => writeFileSync(home + '/plaintext', 'x'));
      import('node:child_process').then(({ spawn }) => spawn('sleep', ['323'], { env: { HOME: home }, detached: true }));`);
    const root = await rootOf(child);
    const running = () =>
      processesThat((read) => read('environ').includes(`HOME=${root}`) || undefined).length > 0;
    expect(await becomes(running)).toBe(true);
    process.kill(-(child.pid as number), 'SIGKILL');
    expect(await becomes(() => !existsSync(root))).toBe(true);
    expect(await becomes(() => !running())).toBe(true);
  });

  it('of the drill, a machine that was put aside and its copy are gone', async () => {
    const child = script('setAside().copy();');
    const root = await rootOf(child);
    const there = () => [root, `${root}.aside`].filter((folder) => existsSync(folder));
    expect(there()).toHaveLength(2);
    process.kill(-(child.pid as number), 'SIGKILL');
    expect(await becomes(() => there().length === 0)).toBe(true);
  });

  it('of the drill, a server is asked to quit, so that it can give back what it holds', async () => {
    const [pidFile, goodbye] = [join(scratch, 'server.pid'), join(scratch, 'goodbye')];
    const server = `trap 'echo quit > "${goodbye}"; exit' QUIT; echo $$ > "${pidFile}"; while :; do sleep 0.1; done`;
    const child = script(`
      import(${JSON.stringify(resolve('scripts/tabletop/machine/watchdog'))})
        .then(({ watch }) => watch({ server: ${JSON.stringify(pidFile)} }))
        .then(() => import('node:child_process'))
        .then(({ spawn }) => spawn('bash', ['-c', ${JSON.stringify(server)}], { detached: true, stdio: 'ignore' }));`);
    await rootOf(child);
    // The file is there a moment before the number in it.
    const written = () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n');
    expect(await becomes(written)).toBe(true);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    process.kill(-(child.pid as number), 'SIGKILL');
    expect(await becomes(() => !existsSync(`/proc/${pid}`))).toBe(true);
    expect(readFileSync(goodbye, 'utf8')).toBe('quit\n');
  });

  it('of drill and watchdog, the next start sweeps it, and leaves the living alone', () => {
    const parent = join(scratch, 'parent');
    const plant = (name: string, owner: string | undefined) => {
      mkdirSync(join(parent, name, 'home'), { recursive: true });
      if (owner !== undefined) writeFileSync(join(parent, name, 'owner'), owner);
      return join(parent, name);
    };
    const ended = spawnSync('true').pid;
    const stale = [
      plant(`${sandboxPrefix}dead`, `${ended} 1\n`),
      plant(`${sandboxPrefix}reused`, `${process.pid} 1\n`),
      plant(`${sandboxPrefix}abandoned`, undefined),
    ];
    utimesSync(stale[2] ?? '', new Date(0), new Date(0));
    const mine = readFileSync(join(make().root, 'owner'), 'utf8');
    const kept = [
      plant(`${sandboxPrefix}living`, mine),
      plant(`${sandboxPrefix}young`, undefined),
      plant('other', `${ended} 1\n`),
    ];
    expect(sweepSandboxes([parent], sandboxPrefix, removeFolder).sort()).toEqual([...stale].sort());
    expect(
      readdirSync(parent)
        .map((name) => join(parent, name))
        .sort(),
    ).toEqual([...kept].sort());
    expect(existsSync((sandbox as Sandbox).root)).toBe(true);
  });
});
