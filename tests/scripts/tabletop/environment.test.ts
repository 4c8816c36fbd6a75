/** What an operator's environment says is taken away before the first tool of a page, and what tools keep is wiped. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsState } from '../../../scripts/providers/aws-kms/state';
import { Exit } from '../../../scripts/providers/exit';
import { inTheirWords } from '../../../scripts/providers/postgres/client';
import { standIns } from '../../../scripts/providers/stand-ins';
import { vaultState } from '../../../scripts/providers/vault-transit/state';
import { faultState } from '../../../scripts/providers/world';
import { hostileEnvironment } from '../../../scripts/tabletop/machine/hostile-home';
import { loadDeployment } from '../../../src/deployment/load';
import { compilePage } from '../../../src/procedure/compile';
import { loadProcedures } from '../../../src/procedure/load';
import { matchExpected } from '../../../src/procedure/steps/expected';
import { placeOf, type Step } from '../../../src/procedure/steps/step';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { exampleDeployment } from '../../example';
import { makeSandbox, type Sandbox } from '../providers/sandbox';

const root = resolve(__dirname, '../../..');
const clean = readFileSync(join(root, 'docs/_partials/clean-shell.mdx'), 'utf8');
const procedures = loadProcedures(root, loadDeployment(exampleDeployment));
const text = ({ command }: Step) => command?.lines.map((line) => line.text).join('\n') ?? '';

/** What a program hears after the block: name=value, sorted. */
function heard(env: Record<string, string>, before = ''): string[] {
  const script = `${before}\n${clean}\nexec env\n`;
  const { stdout } = spawnSync('bash', ['--noprofile', '--norc'], { input: script, env, encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).sort();
}

describe('the shell of a page', () => {
  const allowed = { HOME: '/home/ana', PATH: '/usr/bin:/bin', TERM: 'xterm', XDG_RUNTIME_DIR: '/run/user/7' };

  it('hands the tools nothing that is not on the list', () => {
    const before = 'readonly TMOUT=900; export TMOUT';
    const names = heard({ ...hostileEnvironment, LC_MESSAGES: 'de_DE.UTF-8', ...allowed }, before).map(
      (line) => line.split('=')[0],
    );
    expect(names).toEqual(['HOME', 'LC_ALL', 'PAGER', 'PATH', 'SHLVL', 'TERM', 'XDG_RUNTIME_DIR']);
  });

  it('speaks English and pages nothing', () => {
    const lines = heard({ ...hostileEnvironment, ...allowed });
    expect(lines).toContain('LC_ALL=C');
    expect(lines).toContain('PAGER=cat');
  });

  it('forgets what a name stands for in the shell of its operator', () => {
    const before = "shopt -s expand_aliases\nalias shred='rm' ls='ls --color'";
    const input = `${before}\n${clean}\nalias\ntype shred\n`;
    const { stdout } = spawnSync('bash', ['--noprofile', '--norc'], { input, encoding: 'utf8' });
    expect(stdout).toMatch(/^shred is \/\S+\n$/);
  });

  it('forgets the functions that stand before a program or a builtin, and keeps the others', () => {
    const before = 'shred() { mv "$@" ~/.trash; }; cd() { builtin cd "$@" && ls; }; prompt() { :; }';
    const input = `${before}\n${clean}\ncompgen -A function\ntype -t shred cd prompt\n`;
    const env = { ...hostileEnvironment, PATH: '/usr/bin:/bin' };
    const { stdout } = spawnSync('bash', ['--noprofile', '--norc'], { input, env, encoding: 'utf8' });
    expect(stdout).toBe('prompt\nfile\nbuiltin\nfunction\n');
  });

  it('keeps what a network or an HSM needs', () => {
    const kept = {
      https_proxy: 'http://proxy:3128',
      KRB5CCNAME: 'FILE:/tmp/k',
      YUBIHSM_PKCS11_CONF: '/etc/y',
    };
    expect(heard({ ...allowed, ...kept })).toEqual(
      expect.arrayContaining(Object.entries(kept).map((pair) => pair.join('='))),
    );
  });

  const tools = /^\s*(?:[A-Z_]+=\S+ )*(?:aws|az|gcloud|pkcs11-tool|psql|sss|vault) /m;
  const using = procedures.filter(({ steps }) => steps.some((step) => tools.test(text(step))));

  it.each(using.map((procedure) => [procedure.file, procedure] as const))(
    '%s: is opened so',
    (_, { steps }) => {
      // Each place has a shell of its own.
      const opened = new Set<string | undefined>();
      const early = steps.filter((step) => {
        const [before = '', after] = text(step).split('export -n "$name"');
        const isEarly = !opened.has(placeOf(step)) && tools.test(before);
        if (after !== undefined) opened.add(placeOf(step));
        return isEarly;
      });
      expect(early.map(({ id }) => id)).toEqual([]);
    },
  );
});

describe('the history and the logs of a tool', () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = makeSandbox();
    mkdirSync(join(sandbox.home, '.aws'), { recursive: true });
    sandbox.file('.aws/config', '[profile 000000000001-admin]\ncli_history = enabled\n');
  });
  afterEach(() => sandbox.remove());

  const aws =
    'aws kms create-key --key-spec RSA_4096 --key-usage ENCRYPT_DECRYPT --region us-east-1 --profile 000000000001-admin --no-cli-pager';
  const history = '.aws/cli/history/history.db';

  it('of AWS lies in the home, where the profile has turned it on', async () => {
    expect((await sandbox.run(aws)).code).toBe(0);
    expect(existsSync(join(sandbox.home, history))).toBe(true);
  });

  it('of AWS lies in the folder of the page, where the command says so', async () => {
    expect((await sandbox.run(aws, { env: { AWS_CLI_HISTORY_FILE: './shard-1.history.plain' } })).code).toBe(
      0,
    );
    expect(existsSync(join(sandbox.home, history))).toBe(false);
    expect(existsSync(join(sandbox.home, 'shard-1.history.plain'))).toBe(true);
  });

  it('of AWS is nothing that a name without a folder, or no file at all, could hold', async () => {
    expect(await sandbox.run(aws, { env: { AWS_CLI_HISTORY_FILE: 'x' } })).toMatchObject({
      code: 255,
      stderr: "\n[Errno 2] No such file or directory: ''\n",
    });
    expect((await sandbox.run(aws, { env: { AWS_CLI_HISTORY_FILE: '/dev/null' } })).stderr).toBe(
      '\ndisk I/O error\n',
    );
  });

  it('of every decryption on the pages lies in the folder, or is off', () => {
    const decryptions = procedures
      .flatMap(({ steps }) => steps.map(text))
      .filter((each) => / decrypt /.test(each));
    expect(decryptions.length).toBeGreaterThan(0);
    for (const each of decryptions.filter((block) => block.includes('aws kms decrypt')))
      expect(each).toMatch(/^AWS_CLI_HISTORY_FILE=\.\/shard-\d+\.history\.plain aws kms decrypt /);
    const requests = procedures.flatMap(({ steps }) => steps.map(text));
    for (const each of requests.filter((block) => block.includes('asymmetric-decrypt')))
      expect(each).toMatch(/ --no-log-http\b/);
  });
});

const realAws = existsSync('/usr/bin/aws') && readFileSync('/usr/bin/aws', 'latin1').includes('python3');
describe.skipIf(!realAws)('the real AWS CLI', () => {
  const home = mkdtempSync(join(tmpdir(), 'aws-history-'));
  afterAll(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws', 'config'), '[default]\nregion = us-east-1\ncli_history = enabled\n');
  const keys = '[default]\naws_access_key_id = A\naws_secret_access_key = B\n';
  writeFileSync(join(home, '.aws', 'credentials'), keys);
  const run = (env: Record<string, string>) =>
    spawnSync('/usr/bin/aws', ['kms', 'list-keys', '--endpoint-url', 'http://127.0.0.1:9'], {
      cwd: home,
      env: { HOME: home, PATH: '/usr/bin:/bin', AWS_MAX_ATTEMPTS: '1', ...env },
      encoding: 'utf8',
    }).stderr;

  it('puts its history where AWS_CLI_HISTORY_FILE says, with a folder in the name', () => {
    run({ AWS_CLI_HISTORY_FILE: './shard-1.history.plain' });
    expect(existsSync(join(home, 'shard-1.history.plain'))).toBe(true);
    expect(existsSync(join(home, '.aws', 'cli'))).toBe(false);
    expect(run({ AWS_CLI_HISTORY_FILE: 'x' })).toContain("[Errno 2] No such file or directory: ''");
    expect(run({ AWS_CLI_HISTORY_FILE: '/dev/null' })).toContain('disk I/O error');
  });
});

describe('an error of the AWS CLI', () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = makeSandbox();
  });
  afterEach(() => sandbox.remove());

  const step = (id: string) =>
    procedures.flatMap(({ steps }) => steps).find((each) => each.id === id) as Step;
  const lost = step('RPL-D1-01');
  const line = text(lost).replaceAll(/\\\n/g, ' ').replaceAll('masterkey-shard-1', 'gone');

  it.each([
    ['before December 2025', false],
    ['since December 2025', true],
  ])('is what the page shows, in releases %s', async (_, errorPrefix) => {
    awsState.save(sandbox.world, { ...awsState.load(sandbox.world), errorPrefix });
    const account = /--profile (\d+)/.exec(line)?.[1] ?? '';
    const { stderr } = await sandbox.run(line.replaceAll(account, '000000000001'));
    const wanted = lost.command?.expected.map((each) =>
      each.text.replaceAll(account, '000000000001').replaceAll('masterkey-shard-1', 'gone'),
    );
    expect(stderr.startsWith('\naws: [ERROR]: ')).toBe(errorPrefix);
    expect(matchExpected(wanted ?? [], stderr, new Map())).toMatchObject({ ok: true });
  });

  it('fits the row for a region that is down, in both', async () => {
    faultState.save(sandbox.world, { 'aws-kms:us-east-1': 'refuse' });
    const rows = step('RGN-D1-01').command?.expected.map((each) => each.text) ?? [];
    for (const errorPrefix of [false, true]) {
      awsState.save(sandbox.world, { ...awsState.load(sandbox.world), errorPrefix });
      const { stderr } = await sandbox.run(
        'aws kms list-aliases --region us-east-1 --profile 000000000001 --no-cli-pager',
      );
      expect(matchExpected(rows, stderr, new Map())).toMatchObject({ ok: true });
    }
    // What newer releases say of an error of the client itself.
    const newer =
      '\naws: [ERROR]: An error occurred (EndpointConnectionError): Could not connect to the endpoint URL: "https://kms.us-east-1.amazonaws.com/"\n';
    expect(matchExpected(rows, newer, new Map())).toMatchObject({ ok: true });
  });

  it('comes of a pager that is not there, unless the command says that it wants none', async () => {
    const { aws } = await import('../../../scripts/providers/aws-kms/aws');
    const shell = {
      env: { HOME: sandbox.home, PATH: '/nowhere', AWS_PROFILE: '000000000001-admin' },
      cwd: sandbox.home,
      stdin: () => Buffer.alloc(0),
      stdoutIsTerminal: true,
      umask: 0o077,
    };
    const words = 'kms create-key --key-spec RSA_4096 --key-usage ENCRYPT_DECRYPT --region us-east-1'.split(
      ' ',
    );
    expect(() => aws(sandbox.world, words, shell)).toThrow(/Unable to redirect output to pager/);
    expect(aws(sandbox.world, [...words, '--no-cli-pager'], shell).code).toBe(0);
  });
});

describe('psql', () => {
  const english =
    'psql: error: connection to server at "db.ledger.example" (10.0.0.5), port 5432 failed: Connection refused\n' +
    '\tIs the server running on that host and accepting TCP/IP connections?\n';
  const said = (env: Record<string, string>) => inTheirWords(new Exit(2, english), env).stderr;

  it('answers in German where LANGUAGE says so, also in the locale C.UTF-8, but not in C', () => {
    expect(said({ LANGUAGE: 'de', LC_ALL: 'C.UTF-8' })).toContain('Verbindungsaufbau abgelehnt');
    expect(said({ LC_ALL: 'de_DE.UTF-8' })).toContain('Verbindungsaufbau abgelehnt');
    expect(said({ LANGUAGE: 'de', LC_ALL: 'C' })).toBe(english);
  });

  it('paints its errors where PG_COLOR says so', () => {
    expect(said({ PG_COLOR: 'always' })).toContain('[01;31merror: ');
  });

  const locales = existsSync('/usr/share/i18n/locales/de_DE') && existsSync('/usr/bin/localedef');
  const real = existsSync('/usr/bin/psql') && existsSync('/usr/share/locale/de/LC_MESSAGES/psql-15.mo');

  it.skipIf(!locales || !real)('does so in the real client', () => {
    const folder = mkdtempSync(join(tmpdir(), 'locale-'));
    try {
      spawnSync('localedef', ['-i', 'de_DE', '-f', 'UTF-8', join(folder, 'de_DE.UTF-8')]);
      const real = (env: Record<string, string>) =>
        spawnSync('psql', ['host=127.0.0.1 port=9'], {
          env: { PATH: '/usr/bin:/bin', LOCPATH: folder, ...env },
          encoding: 'utf8',
        }).stderr;
      expect(real({ LC_ALL: 'de_DE.UTF-8' })).toContain('fehlgeschlagen: Verbindungsaufbau abgelehnt');
      expect(real({ LANGUAGE: 'de', LC_ALL: 'C' })).toContain('failed: Connection refused');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is asked by a shell that has unset LANGUAGE', () => {
    expect(
      execFileSync('bash', ['-c', `${clean}\nexec env`], {
        env: { LANGUAGE: 'de', PATH: '/usr/bin:/bin' },
      }).toString(),
    ).not.toContain('LANGUAGE');
  });
});

describe('a session at a provider', () => {
  const used = ['UNS', 'RGN', 'TDR'].map((prefix) => procedures.find(({ page }) => page.prefix === prefix));

  it('is closed by every page that recovers the key, for every shard that it unwraps with one', () => {
    for (const procedure of used) {
      const unwrapped = procedure?.steps.filter(
        ({ id, log }) => /-[CV]\d+-02$/.test(id) && log.includes('session.opened'),
      );
      const wanted = unwrapped
        ?.filter((step) => !text(step).includes('pkcs11-tool'))
        .map(({ id }) => id.replace(/-02$/, '-04'));
      expect(wanted?.length).toBeGreaterThan(0);
      const closed = procedure?.steps.filter(({ log }) => log.includes('session.closed')).map(({ id }) => id);
      expect(closed).toEqual(wanted);
    }
  });

  it('is closed by each other page that opens one', () => {
    const open = procedures
      .filter(({ applies, page }) => applies && page.prefix !== 'PRE')
      .flatMap(({ file, steps }) => {
        const shards = new Set(
          steps
            .filter(
              (step) =>
                /(?:^|[ &|(])(?:aws|gcloud|az|vault) /m.test(text(step)) &&
                !step.log.includes('session.closed'),
            )
            .map((step) => /-[A-Z](\d+)-\d+$/.exec(step.id)?.[1] ?? '?'),
        );
        const closing = steps
          .filter(({ log }) => log.includes('session.closed'))
          .map(({ id: each }) => /-[A-Z](\d+)-/.exec(each)?.[1]);
        return [...shards].filter((n) => n !== '?' && !closing.includes(n)).map((n) => `${file}: shard ${n}`);
      });
    expect(open).toEqual([]);
  });

  it('is closed a second time without a failure, where two shards share a provider', () => {
    const two = loadDeployment(join(root, 'tests/fixtures/deployments/two-of-each.yaml'));
    const file = 'docs/emergency/unseal.mdx';
    const steps = compilePage(file, readFileSync(join(root, file), 'utf8'), two, partialReader(root)).steps;
    const closing = steps.filter(({ log }) => log.includes('session.closed'));
    expect(closing.map(({ id }) => id)).toEqual(['UNS-C1-04', 'UNS-C2-04', 'UNS-C3-04', 'UNS-C4-04']);
    const home = mkdtempSync(join(tmpdir(), 'two-sessions-'));
    const tool = (name: string, script: string) =>
      writeFileSync(join(home, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    // As the real ones: without anybody who is signed in, both fail.
    tool(
      'gcloud',
      '[ "$2" = list ] && exec cat "$HOME/accounts"; [ -s "$HOME/accounts" ] && : > "$HOME/accounts"',
    );
    tool(
      'vault',
      '[ -e "$HOME/.vault-token" ] && printf "%s\\n" "$@" | sed -n s/-address=//p >> "$HOME/revoked"',
    );
    try {
      writeFileSync(join(home, 'accounts'), 'a@one.iam.gserviceaccount.com\nb@two.iam.gserviceaccount.com\n');
      writeFileSync(join(home, '.vault-token'), 'hvs.example');
      for (const step of closing) {
        const env = { HOME: home, PATH: `${home}:/usr/bin:/bin`, XDG_RUNTIME_DIR: '/dev/shm' };
        const { status, stdout } = spawnSync('bash', ['-c', text(step)], { env, encoding: 'utf8' });
        expect([step.id, status]).toEqual([step.id, 0]);
        const shown = step.command?.expected.find(({ text: line }) =>
          /signed in: 0|no token/.test(line),
        )?.text;
        expect(stdout.split('\n')).toContain(shown);
      }
      expect(existsSync(join(home, '.vault-token'))).toBe(false);
      expect(readFileSync(join(home, 'revoked'), 'utf8').trim().split('\n')).toEqual([
        'https://vault-a.ledger.example:8200',
        'https://vault-b.ledger.example:8200',
      ]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it('is over after the command of the page', async () => {
    const sandbox = makeSandbox();
    try {
      mkdirSync(join(sandbox.home, '.aws/sso/cache'), { recursive: true });
      sandbox.file('.aws/sso/cache/token.json', '{}');
      for (const [provider, command] of [
        ['aws-kms', 'aws sso logout'],
        ['gcp-kms', 'gcloud auth revoke --all --quiet'],
        ['vault-transit', 'vault token revoke -self'],
      ] as const) {
        expect(standIns[provider].signedIn?.(sandbox.world, sandbox.home), provider).toBeDefined();
        expect((await sandbox.run(command)).code).toBe(0);
        if (provider === 'vault-transit') rmSync(join(sandbox.home, '.vault-token'));
        expect(standIns[provider].signedIn?.(sandbox.world, sandbox.home), provider).toBeUndefined();
      }
      expect(vaultState.load(sandbox.world).servers.flatMap(({ tokens }) => tokens)).toEqual([]);
    } finally {
      sandbox.remove();
    }
  });
});
