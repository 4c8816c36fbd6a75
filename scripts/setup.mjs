/**
 * Makes node_modules match package-lock.json, and says in plain words why when it cannot.
 * No dependencies and no recent syntax: it is the first thing that runs on a fresh clone, on whatever Node is there.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Why npm failed, by the code or words that it prints; the first match wins. */
const CAUSES = [
  [
    /EUSAGE|can only install packages when your package\.json and package-lock\.json/,
    'package.json and package-lock.json disagree',
    'run "npm install", check the difference with "git diff package-lock.json", and commit both files',
  ],
  [
    /EINTEGRITY/,
    'a package does not have the content that package-lock.json recorded',
    'do not work around this: clear the cache with "npm cache clean --force", try once more, and if it stays, report it',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED/,
    'the package registry cannot be reached',
    'connect to the network once (or set your proxy or mirror with "npm config set"), then run the same command again',
  ],
  [
    /E401|E403/,
    'the package registry refused access',
    'check the registry and its token in your npm configuration',
  ],
  [/ENOSPC/, 'the disk is full', 'the packages need about 900 MB'],
  [
    /EACCES|EPERM|EROFS/,
    'node_modules cannot be written by this user',
    'run as the owner of the folder, or clone the repository again as yourself',
  ],
];

/**
 * Says whether a Node version can run the project: 20.19 or later, but neither 21 nor 22.0 to 22.11,
 * which the test runner does not support.
 */
export function supportsNode(version) {
  const parts = version.split('.').map(Number);
  const major = parts[0];
  const minor = parts[1];
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 12;
  return major > 22;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Optional packages without os and cpu belong to a foreign platform's package; npm leaves them out. */
function isForThisMachine(entry) {
  const names = (list, value) => list !== undefined && list.indexOf(value) >= 0;
  return names(entry.os, process.platform) && names(entry.cpu, process.arch) && entry.libc === undefined;
}

/**
 * Compares what is installed with what is locked.
 * @param {string} root Project folder.
 * @returns {string | undefined} The first difference in words, or undefined when they match.
 */
export function difference(root) {
  const lock = readJson(join(root, 'package-lock.json'));
  if (lock === undefined) throw new Error('package-lock.json is missing');
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'nothing is installed yet';
  const paths = Object.keys(lock.packages).filter((path) => path !== '');
  for (const path of paths) {
    const want = lock.packages[path];
    const have = installed.packages[path];
    if (have === undefined) {
      if (want.optional !== true || isForThisMachine(want))
        return `${path.replace(/^node_modules\//, '')} is not installed`;
      continue;
    }
    const name = path.replace(/^node_modules\//, '');
    if (have.version !== want.version)
      return `${name} is ${have.version}, package-lock.json wants ${want.version}`;
    if (have.integrity !== want.integrity) return `${name} differs from package-lock.json`;
    // An interrupted installation leaves holes that npm's own list does not show.
    if (want.link !== true && !existsSync(join(root, path, 'package.json'))) return `${name} is incomplete`;
  }
  const extra = Object.keys(installed.packages).find((path) => lock.packages[path] === undefined);
  return extra === undefined ? undefined : `${extra.replace(/^node_modules\//, '')} is no longer wanted`;
}

/** Turns npm's own output into a cause and a remedy. */
export function explain(output) {
  const known = CAUSES.find((cause) => cause[0].test(output));
  return known === undefined
    ? ['npm could not install the packages', 'the lines above come from npm; run "npm ci" to see them again']
    : [known[1], known[2]];
}

function fail(error, hint) {
  process.stderr.write(`setup: error: ${error}\nsetup: hint: ${hint}\n`);
  process.exitCode = 1;
}

function install() {
  const npm = process.env.npm_execpath;
  const options = [
    'ci',
    // As .npmrc says, and npm 10 asks for: no package runs a script.
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ];
  const started = Date.now();
  const child =
    npm !== undefined && /\.c?js$/.test(npm)
      ? spawn(process.execPath, [npm].concat(options), { cwd: ROOT, stdio: ['ignore', 'inherit', 'pipe'] })
      : spawn('npm', options, {
          cwd: ROOT,
          stdio: ['ignore', 'inherit', 'pipe'],
          shell: process.platform === 'win32',
        });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
    process.stderr.write(chunk);
  });
  const tick = setInterval(() => {
    process.stdout.write(`setup: still installing, ${Math.round((Date.now() - started) / 1000)} s so far\n`);
  }, 20_000);
  child.on('error', (error) => {
    clearInterval(tick);
    fail(`npm did not start (${error.code})`, 'install Node with npm, so that "npm --version" works');
  });
  child.on('close', (code) => {
    clearInterval(tick);
    if (code === 0)
      process.stdout.write(`setup: installed in ${Math.round((Date.now() - started) / 1000)} s\n`);
    else if (process.exitCode === undefined) fail(...explain(errors));
  });
}

function main() {
  const version = process.versions.node;
  if (!supportsNode(version)) {
    fail(
      `Node ${version} is too old`,
      'install Node 24 LTS (or 20.19, 22.12 or later), then run the same command again',
    );
    return;
  }
  let reason;
  try {
    reason = difference(ROOT);
  } catch (error) {
    fail(
      `package-lock.json cannot be used: ${error.message}`,
      'restore it with "git checkout package-lock.json"',
    );
    return;
  }
  if (reason === undefined) return;
  process.stdout.write(`setup: installing packages, about one to two minutes (${reason})\n`);
  install();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();
