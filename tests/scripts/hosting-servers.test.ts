/**
 * The snippets of the hosting guide at the real nginx and the real Caddy: what they answer to the requests of a reader, at
 * the root and below a path. Where one of them is not installed, its tests are skipped; CI installs both.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from '../../scripts/common/server';
import { buildHeaders, snippets } from '../../scripts/hosting';
import { writeHeaders } from '../../scripts/ship/csp';
import { inlineScript, speculationRules } from '../../scripts/ship/page';

const headers = buildHeaders();
const folder = mkdtempSync(join(tmpdir(), 'hosting-'));
// nginx reads as a user of its own when root starts it.
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The kinds of files that a build has, with the shapes of their addresses. */
const page = (text: string) =>
  `<!doctype html><script>${inlineScript}</script><script type="speculationrules">${speculationRules}</script><p>${text}</p>`;
const files: Readonly<Record<string, string>> = {
  'index.html': page('start'),
  '404.html': page('lost'),
  'emergency/unseal/index.html': page('unseal'),
  'assets/js/main.0123abcd.js': 'x();\n',
  'assets/css/site.0123abcd.css': 'p { color: red }\n',
  'search-index.json': '{}\n',
  'recover.py': 'print()\n',
  'img/mark.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
};

/** Writes the site for a path. @returns the root of the web server. */
function site(base: string): string {
  const root = join(folder, `root${base.replaceAll('/', '-')}`);
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, base, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  writeHeaders(join(root, base));
  return root;
}

async function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

/** Puts this machine's folder and port where the snippet has those of an example; throws when the snippet has them no more. */
function placed(text: string, ...changes: readonly [string, string][]): string {
  return changes.reduce((made, [from, to]) => {
    if (!made.includes(from)) throw new RangeError(`the snippet has no "${from}"`);
    return made.replaceAll(from, to);
  }, text);
}

interface Host {
  /** Path of the program where it is installed. */
  readonly program: string | undefined;
  /** Writes the configuration, and says how the program is started with it. */
  start(snippet: string, root: string, port: number): readonly string[];
}

const installed = (name: string): string | undefined => {
  const { status, stdout } = spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin"; command -v ${name}`], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
};

const hosts: Readonly<Record<'nginx' | 'caddy', Host>> = {
  nginx: {
    program: installed('nginx'),
    start(snippet, root, port) {
      const file = join(folder, `nginx-${port}.conf`);
      const server = placed(snippet, ['listen 80;', `listen 127.0.0.1:${port};`], ['/srv/runbook', root]);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      );
      writeFileSync(
        file,
        `pid ${file}.pid; error_log ${file}.log; daemon off; events {}\nhttp { include /etc/nginx/mime.types; access_log off; ${temporary.join(' ')}\n${server}\n}\n`,
      );
      return ['-c', file, '-e', `${file}.log`];
    },
  },
  caddy: {
    program: installed('caddy'),
    start(snippet, root, port) {
      const file = join(folder, `Caddyfile-${port}`);
      const server = placed(
        snippet,
        ['runbook.example {', `http://127.0.0.1:${port} {`],
        ['/srv/runbook', root],
      );
      writeFileSync(file, `{\n    admin off\n    auto_https off\n}\n${server}\n`);
      return ['run', '--config', file, '--adapter', 'caddyfile'];
    },
  },
};

const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill();
});

async function started(name: keyof typeof hosts, base: string): Promise<string> {
  const port = await freePort();
  const { program = '', start } = hosts[name];
  const [, snippet] = snippets(headers, base)[name] ?? ['', ''];
  const child = spawn(program, start(snippet, site(base), port), {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  running.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100 && child.exitCode === null; tries += 1) {
    const answer = await fetch(`${address}${base}`).catch(() => undefined);
    if (answer) return address;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${name} does not answer: ${said.slice(-2000)}`);
}

const missing = Object.entries(hosts).filter(([, { program }]) => program === undefined);
if (missing.length > 0)
  process.stdout.write(`skipped: ${missing.map(([name]) => name).join(' and ')} not installed\n`);

const cases = (['nginx', 'caddy'] as const).flatMap((name) =>
  ['/', '/runbook/'].map((base) => [name, base] as const),
);

for (const [name, base] of cases) {
  describe.skipIf(hosts[name].program === undefined)(`${name} at ${base}`, () => {
    let origin = '';
    let own: Served;
    const ask = (path: string, more: RequestInit = {}) =>
      fetch(`${origin}${base}${path}`, { redirect: 'manual', ...more });
    beforeAll(async () => {
      origin = await started(name, base);
      own = await serve({ root: join(site(base), base), port: 0, base });
    });
    afterAll(() => own.close());

    test.each(Object.keys(files))('sends %s with every header, as npm start does', async (path) => {
      const [answer, wanted] = [await ask(path), await fetch(`${own.url}${path}`)];
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe(files[path]);
      for (const [header, value] of Object.entries(headers)) {
        expect(answer.headers.get(header), header).toBe(value);
        expect(wanted.headers.get(header), header).toBe(value);
      }
      if (/html|css|svg|json$/.test(path))
        expect(answer.headers.get('content-type')?.split(';')[0]).toBe(
          wanted.headers.get('content-type')?.split(';')[0],
        );
      // Scripts run under nosniff only as JavaScript, and a page that says no charset is read as anything.
      if (path.endsWith('.js')) expect(answer.headers.get('content-type')).toMatch(/\/javascript/);
      if (path.endsWith('.html'))
        expect(answer.headers.get('content-type')?.toLowerCase()).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe(
        path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    });

    test('opens a folder as its index page, with and without its slash', async () => {
      const bare = await ask('emergency/unseal');
      expect([301, 308]).toContain(bare.status);
      // By path alone: a proxy before it may speak TLS, under another name and port.
      expect(bare.headers.get('location')).toBe(`${base}emergency/unseal/`);
      const slash = await ask('emergency/unseal/');
      expect([slash.status, await slash.text()]).toEqual([200, files['emergency/unseal/index.html']]);
    });

    test.each(['nothing', 'nothing/', 'emergency/unseal.html', 'assets/js/gone.js', 'img/'])(
      'answers %s, which is not there, with its page, and keeps that for nobody',
      async (path) => {
        const answer = await ask(path);
        expect([answer.status, await answer.text()]).toEqual([404, files['404.html']]);
        for (const [header, value] of Object.entries(headers))
          expect(answer.headers.get(header), header).toBe(value);
        expect(answer.headers.get('cache-control')).toBe('no-cache');
      },
    );

    test('says that nothing has changed where nothing has', async () => {
      const first = await ask('index.html');
      const etag = first.headers.get('etag') ?? '';
      expect(etag).not.toBe('');
      expect((await ask('index.html', { headers: { 'if-none-match': etag } })).status).toBe(304);
    });
  });
}
