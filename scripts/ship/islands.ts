/** Bundles the islands: their runtime once, a script for each component that reacts, and the audit verifier's worker. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { build } from 'esbuild';

/** Where the components that react stand, from src/components. The names are those in src/theme/connected.tsx. */
export const islandFiles: Readonly<Record<string, string>> = {
  AuditVerifier: 'AuditVerifier/index.tsx',
  CustodyHealth: 'CustodyHealth/index.tsx',
  QuorumCalculator: 'QuorumCalculator/index.tsx',
  RecoveryMatrix: 'RecoveryMatrix/index.tsx',
  RoleMatrix: 'RoleMatrix/index.tsx',
  Triage: 'Triage/index.tsx',
};

/** Components are written for React, and the build renders them with it. Readers get Preact: the same in a fifth of the bytes. */
export function runtime(root: string): Record<string, string> {
  return {
    'react/jsx-runtime': 'preact/jsx-runtime',
    'react-dom/client': join(root, 'src/client/island-root.ts'),
    'react-dom': 'preact/compat',
    react: 'preact/compat',
  };
}

/** File names from the root of the site. */
export interface IslandAssets {
  readonly react: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** The schemas compile themselves with `new Function`, which the Content Security Policy forbids; this tells them not to. */
const withoutEval = 'globalThis.__zod_globalConfig={jitless:true};';

/** Gives CSS modules the class names that the pages already have (see src/site/bundle.ts). */
const readableModules: Plugin = {
  name: 'readable-modules',
  setup(context) {
    context.onLoad({ filter: /\.module\.css$/ }, ({ path }) => {
      const names = new Map<string, string>();
      for (const [, name] of readFileSync(path, 'utf8').matchAll(/\.(-?[A-Za-z_][\w-]*)(?=[^{}]*\{)/g)) {
        if (name !== undefined) names.set(name, `${basename(dirname(path))}_${name}`);
      }
      return { contents: `export default ${JSON.stringify(Object.fromEntries(names))};`, loader: 'js' };
    });
  },
};

/** Modules that another script of the page has already brought. */
function shared(modules: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'shared',
    setup(context) {
      context.onResolve({ filter: /./ }, ({ path }) =>
        path in modules ? { path, namespace: 'shared' } : undefined,
      );
      context.onLoad({ filter: /./, namespace: 'shared' }, ({ path }) => ({
        contents: `module.exports = ${modules[path]};`,
        loader: 'js',
      }));
    },
  };
}

const common = {
  bundle: true,
  minify: true,
  // A linked node_modules must not change the names of the bundles.
  preserveSymlinks: true,
  // Classic scripts: modules do not load from a folder.
  format: 'iife',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
  metafile: true,
} satisfies BuildOptions;

function written(outputs: Readonly<Record<string, unknown>>, pattern: RegExp): string {
  const file = Object.keys(outputs).find((path) => pattern.test(path));
  if (file === undefined) throw new RangeError(`expected a bundle ${pattern}`);
  return `assets/${basename(file)}`;
}

/** Writes the bundles into a built site. */
export async function bundleIslands(root: string, site: string, target: string[]): Promise<IslandAssets> {
  const options = { ...common, target, outdir: site };
  const react = await build({
    ...options,
    entryPoints: [join(root, 'src/client/react.tsx')],
    entryNames: 'assets/react-[hash]',
    alias: runtime(root),
  });
  const scripts: Record<string, string> = {};
  for (const [name, file] of Object.entries(islandFiles)) {
    const path = JSON.stringify(join(root, 'src/components', file));
    const { metafile } = await build({
      ...options,
      stdin: {
        contents: `import Component from ${path};globalThis.runbookReact.wake(${JSON.stringify(name)},Component);`,
        loader: 'tsx',
        resolveDir: root,
        sourcefile: `${name}.tsx`,
      },
      entryNames: `assets/${name}-[hash]`,
      plugins: [
        readableModules,
        shared({
          react: 'globalThis.runbookReact.react',
          'react/jsx-runtime': 'globalThis.runbookReact.runtime',
        }),
      ],
    });
    scripts[name] = written(metafile.outputs, /\.js$/);
  }
  // Its address cannot carry a hash: the page that names it is written before.
  await build({
    ...options,
    entryPoints: [join(root, 'src/components/AuditVerifier/worker.ts')],
    entryNames: 'audit-worker',
    banner: { js: withoutEval },
  });
  return { react: written(react.metafile.outputs, /react-.*\.js$/), scripts };
}
