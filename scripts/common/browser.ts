/** Finds and starts the Chromium that tests, diagrams and PDFs use: CHROME_PATH, the bundled one, or an installed one. */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { fontConfiguration, ownFonts } from './fonts';
import { untar } from './tar';
import { printError } from './terminal';

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Says in one sentence what to do when there is no browser. */
export class NoBrowserError extends Error {
  constructor(found: string) {
    super(
      `no usable Chromium (${found}): run "npm ci", or set CHROME_PATH to a Chrome or Chromium executable`,
    );
    this.name = 'NoBrowserError';
  }
}

/** An executable and the environment that it needs. */
export interface BrowserCommand {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `--version` starts the dynamic loader, so it fails exactly when a shared library is missing. */
function starts(executable: string, env: Readonly<Record<string, string>>): boolean {
  return (
    spawnSync(executable, ['--version'], { env: { ...process.env, ...env }, timeout: 30_000 }).status === 0
  );
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...INSTALLED.flatMap((name) => folders.map((folder) => join(folder, name))), MAC];
  return candidates.find(isExecutable);
}

const CACHE = resolve(__dirname, '../../node_modules/.cache');
let privateFolder: string | undefined;

/** Where the browser and its configuration are kept: beside the other build caches, or in a private folder if that is read-only. */
function cacheFolder(): string {
  try {
    mkdirSync(CACHE, { recursive: true });
    accessSync(CACHE, constants.W_OK);
    return CACHE;
  } catch {
    // A fixed name in a shared folder could be planted by another user.
    const folder = privateFolder ?? mkdtempSync(join(tmpdir(), 'runbook-browser-'));
    if (privateFolder === undefined)
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    privateFolder = folder;
    return folder;
  }
}

/** Unpacks the bundled browser once. */
function unpack(bin: string, version: string): string {
  const name = `chromium-${version}`;
  if (existsSync(join(CACHE, name, 'chromium'))) return join(CACHE, name);
  const target = join(cacheFolder(), name);
  if (existsSync(join(target, 'chromium'))) return target;
  const partial = mkdtempSync(`${target}-`);
  chmodSync(partial, 0o755);
  const read = (file: string): Buffer => brotliDecompressSync(readFileSync(join(bin, file)));
  writeFileSync(join(partial, 'chromium'), read('chromium.br'), { mode: 0o755 });
  // The executable looks for its software renderer beside itself.
  for (const archive of ['al2023.tar.br', 'swiftshader.tar.br']) {
    for (const file of untar(read(archive))) {
      const path = join(partial, file.name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.bytes, { mode: 0o755 });
    }
  }
  try {
    renameSync(partial, target);
  } catch (error) {
    // Another process was faster; its copy is the same.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(join(target, 'chromium'))) throw error;
  }
  return target;
}

function bundled(): BrowserCommand | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  let bin: string;
  let version: string;
  try {
    const main = createRequire(__filename).resolve('@sparticuz/chromium');
    const root = main.slice(
      0,
      main.lastIndexOf(join('@sparticuz', 'chromium')) + '@sparticuz/chromium'.length,
    );
    bin = join(root, 'bin');
    version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
  const folder = unpack(bin, version);
  const executable = join(folder, 'chromium');
  const withLibraries = {
    LD_LIBRARY_PATH: [join(folder, 'lib'), process.env.LD_LIBRARY_PATH ?? '']
      .filter((p) => p !== '')
      .join(':'),
  };
  for (const env of [{}, withLibraries]) if (starts(executable, env)) return { executable, env };
  return undefined;
}

/**
 * Chooses the browser: CHROME_PATH, else the bundled one (Linux x64), else one on PATH.
 * @throws NoBrowserError if none of them starts.
 */
export function findBrowser(): BrowserCommand {
  const asked = process.env.CHROME_PATH;
  if (asked !== undefined && asked !== '') {
    if (!isExecutable(asked)) throw new NoBrowserError('CHROME_PATH names no executable file');
    return { executable: asked, env: {} };
  }
  const carried = bundled();
  if (carried !== undefined) return carried;
  const local = installed();
  if (local !== undefined) return { executable: local, env: {} };
  throw new NoBrowserError('neither a bundled one that starts nor an installed one');
}

/**
 * Starts a headless browser, which draws with the fonts that come with the packages, and with those of `fonts`, a folder.
 * Callers close it.
 * The sandbox stays on for ordinary users; Chromium has none for root, and where the kernel forbids one it is
 * left out with a warning, as only this project's own pages are opened.
 */
export async function launchBrowser(fonts?: string): Promise<Browser> {
  const { executable, env } = findBrowser();
  const folders = fonts === undefined ? [ownFonts()] : [ownFonts(), resolve(fonts)];
  const drawing = { FONTCONFIG_FILE: fontConfiguration(cacheFolder(), folders) };
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...env, ...drawing })) {
    if (value !== undefined) environment[name] = value;
  }
  const start = (chromiumSandbox: boolean): Promise<Browser> =>
    chromium.launch({
      executablePath: executable,
      env: environment,
      chromiumSandbox,
      // Hinting and subpixels differ between machines; screenshots and PDFs should not. A container's /dev/shm is small.
      args: ['--font-render-hinting=none', '--disable-lcd-text', '--disable-dev-shm-usage'],
    });
  if (process.getuid?.() === 0) return start(false);
  try {
    return await start(true);
  } catch (error) {
    const browser = await start(false).catch(() => {
      throw error;
    });
    printError('browser: warning: this system offers no sandbox to Chromium; started without one\n');
    return browser;
  }
}
