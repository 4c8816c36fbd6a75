/** Builds `sss.cjs` and beside it the parts that hold no key: one readable file each, the same bytes on every machine. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { printError, printOut } from '../common/terminal';

const ROOT = path.resolve(__dirname, '../..');
const PINNED = { 'shamir-secret-sharing': '0.0.4' };

/** Parts that stay outside the file that handles keys; it loads them from beside itself when they are asked for. */
const APART: Record<string, string> = {
  desk: './sss-desk.cjs',
  help: './sss-desk.cjs',
  suggestion: './sss-desk.cjs',
  checks: './sss-checks.cjs',
  selftest: './sss-checks.cjs',
  'audit/cli': './sss-audit.cjs',
  'scan/decode': './sss-scan.cjs',
};

const beside: Plugin = {
  name: 'beside',
  setup: ({ onResolve }) => {
    onResolve(
      { filter: /\/(desk|help|suggestion|checks|selftest|cli|decode)$/ },
      ({ kind, path: wanted, resolveDir }) => {
        const part = path.relative(__dirname, path.resolve(resolveDir, wanted));
        const file = kind === 'dynamic-import' ? APART[part] : undefined;
        return file === undefined ? undefined : { path: file, external: true };
      },
    );
  },
};

/** Parts of Node that most commands do without, loaded at the first call: they are a tenth and more of a command's time. */
const LAZY: Readonly<Record<string, readonly string[]>> = {
  crypto: [
    ...['randomBytes', 'randomInt', 'hkdfSync', 'createPrivateKey', 'createPublicKey', 'sign', 'verify'],
    ...['generateKeyPairSync', 'privateDecrypt', 'publicEncrypt'],
  ],
  child_process: ['spawnSync'],
  inspector: ['url'],
};

const lazy: Plugin = {
  name: 'lazy',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:/, namespace: 'file' }, ({ path: wanted }) => {
      const name = wanted.slice('node:'.length);
      return Object.hasOwn(LAZY, name) ? { path: name, namespace: 'lazy' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path: name }) => ({
      contents: (LAZY[name] ?? [])
        .map((each) => `export const ${each} = (...args) => require("node:${name}").${each}(...args);\n`)
        .join(''),
    }));
  },
};

/**
 * Lets our comments through: whoever reads the file that holds keys wants to know why. esbuild keeps only those that
 * are marked as legal; a comment on a type would stay behind without it, so it goes.
 */
const comments: Plugin = {
  name: 'comments',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      contents: fs
        .readFileSync(file, 'utf8')
        .replace(/^ *\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n(?=(?:export )?(?:interface|type) )/gm, '')
        .replace(/^( *)\/\*\*/gm, '$1/*!')
        .replace(/^( *)\/\/ /gm, '$1//! '),
      loader: 'ts',
    }));
  },
};

/** Unmarks the comments, without those whose code was not needed: another comment or the next file follows them. */
function plainComments(code: string): string {
  return code
    .replace(/^\/\*!(?:(?!\*\/)[\s\S])*\*\/\n(?=\/\*!|\n\/\/ )/gm, (comment, at: number) =>
      /\n\/\/ \S+\n$/.test(code.slice(Math.max(0, at - 200), at)) ? comment : '',
    )
    .replace(/^( *)\/\*!/gm, '$1/**')
    .replace(/^( *)\/\/! /gm, '$1// ');
}

/** Parts of packages that stay out: what would open a connection, and messages in languages that nothing here prints. */
const LEFT_OUT: [file: RegExp, trim: (code: string) => string][] = [
  [/zod\/v4\/locales\/index\.js$/, () => "export { default as en } from './en.js';\n"],
];

const trimmed: Plugin = {
  name: 'trimmed',
  setup: ({ onLoad }) => {
    for (const [filter, trim] of LEFT_OUT) {
      onLoad({ filter }, ({ path: file }) => {
        const code = fs.readFileSync(file, 'utf8');
        const contents = trim(code);
        if (contents === code) throw new RangeError(`${file}: is not what it was: look at it again`);
        return { contents, loader: 'js' };
      });
    }
  },
};

/** Earlier releases of the splitting library are biased: a bundle with one of them must not exist. */
function checkPins(): void {
  for (const [name, wanted] of Object.entries(PINNED)) {
    const file = path.join(ROOT, 'node_modules', name, 'package.json');
    const { version } = JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string };
    if (version !== wanted) throw new RangeError(`${name} ${version} is installed, wanted exactly ${wanted}`);
  }
}

/** The licence texts of every package in a bundle, as a comment in front of it. */
function licences(inputs: readonly string[]): string {
  const names = new Set(
    inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  );
  const require = createRequire(__filename);
  return [...names]
    .sort()
    .map((name) => {
      const folder = path.join(ROOT, 'node_modules', name);
      const { version, license } = require(path.join(folder, 'package.json')) as Record<string, string>;
      const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      // A package that only names our own license is passed on with our copy of its text.
      const from = file
        ? path.join(folder, file)
        : license === 'Apache-2.0'
          ? path.join(ROOT, 'LICENSE')
          : '';
      if (from === '') throw new RangeError(`${name}: is shipped, and without a text of its license`);
      const text = fs.readFileSync(from, 'utf8').trim();
      return `${name} ${version}, ${license}\n\n${text}`.replaceAll('*/', '* /');
    })
    .join('\n\n----\n\n');
}

export interface Bundle {
  file: string;
  /** Non-empty lines of own code, comments aside, and of all, licence texts aside. */
  ownLines: number;
  allLines: number;
}

async function bundleOne(entry: string, file: string, title: string, more: Plugin[] = []): Promise<Bundle> {
  const result = await build({
    stdin: {
      contents: entry,
      resolveDir: path.join(ROOT, 'scripts/sss'),
      sourcefile: 'entry.ts',
      loader: 'ts',
    },
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    legalComments: 'inline',
    metafile: true,
    // A linked node_modules must not put its real path into the bundle.
    preserveSymlinks: true,
    write: false,
    logLevel: 'silent',
    // A tsconfig of the surrounding project must not change the bytes.
    tsconfigRaw: '{"compilerOptions":{"target":"ES2022","useDefineForClassFields":false}}',
    // `import()` would send a file that is only loaded through the loader of modules, which first reads all of it for names.
    supported: { 'dynamic-import': false },
    plugins: [beside, comments, trimmed, ...more],
  });
  const code = plainComments(result.outputFiles[0]?.text ?? '');
  const notice = licences(Object.keys(result.metafile.inputs));
  const head = `#!/usr/bin/env node\n/** ${title}. Licences of what it contains stand at the end. */\n`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${head}${code}\n/*\n${notice}\n*/\n`, { mode: 0o755 });
  const lines = code.split('\n');
  let own = false;
  let [ownLines, allLines] = [0, 0];
  for (const line of lines) {
    // esbuild names the source of each part: `// scripts/sss/main.ts`.
    const source = /^\s*\/\/ (\S+\.(?:ts|js|json))$/.exec(line)?.[1];
    if (source) own = !source.includes('node_modules/');
    else if (line.trim() !== '') {
      allLines += 1;
      if (own && !/^\s*(\/\/|\/\*\*|\* |\*\/)/.test(line)) ownLines += 1;
    }
  }
  return { file, ownLines, allLines };
}

/** Writes sss.cjs, sss-desk.cjs, sss-checks.cjs, sss-audit.cjs and sss-scan.cjs into `folder`; two runs give the same bytes. */
export async function bundleSss(folder: string): Promise<Bundle[]> {
  checkPins();
  return [
    await bundleOne(
      "import { runProcess } from './main';\nvoid runProcess();\n",
      path.join(folder, 'sss.cjs'),
      'sss, the shard tool of the MasterKey Runbook',
      [lazy],
    ),
    await bundleOne(
      "export { withDesk } from './desk';\nexport { helpText, overview } from './help';\nexport { suggestion } from './suggestion';\n",
      path.join(folder, 'sss-desk.cjs'),
      'The help texts of sss, and its commands that never hold a key',
      [lazy],
    ),
    await bundleOne(
      "export { drawFault, keyFault, splitFault } from './checks';\nexport { selfTests } from './selftest';\n",
      path.join(folder, 'sss-checks.cjs'),
      'What sss asks of the random sources, of a key and of a split before it uses them',
      [lazy],
    ),
    await bundleOne(
      "export { AUDIT_COMMANDS } from './audit/cli';\n",
      path.join(folder, 'sss-audit.cjs'),
      'The audit trail commands of sss',
    ),
    await bundleOne(
      "export { decodeImage } from './scan/decode';\n",
      path.join(folder, 'sss-scan.cjs'),
      'The image reader that `sss scan` loads',
    ),
  ];
}

if (require.main === module) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    printError(
      'bundle: error: the output folder is missing\nbundle: hint: tsx scripts/sss/bundle.ts FOLDER\n',
    );
    process.exitCode = 2;
  } else {
    void bundleSss(folder).then((bundles) => {
      for (const { file, ownLines, allLines } of bundles) {
        printOut(`${file}: ${allLines} lines, ${ownLines} of them ours\n`);
      }
    });
  }
}
