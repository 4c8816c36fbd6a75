/** Bundles what the pages load: two style sheets, the page script, and the islands. Names carry a hash of the content. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';

/** Browsers with `popover`, `:has` and nested `@page` boxes that print: from late 2023 on. */
const targets = ['chrome114', 'firefox125', 'safari17'];

const sheets = ['tokens', 'site', 'prose', 'step', 'search', 'print'];

/** File names of the bundles, from the root of the site. */
export interface Assets {
  readonly style: string;
  readonly math: string;
  readonly script: string;
  readonly islands: string | undefined;
}

/** KaTeX names three formats of each font; every browser that we serve reads the first. */
const firstFontOnly: Plugin = {
  name: 'first-font-only',
  setup(context) {
    context.onLoad({ filter: /katex(\.min)?\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /(url\([^)]*\.woff2\) format\(["']woff2["']\)),[^;}]*/g,
        '$1',
      ),
      loader: 'css',
      resolveDir: dirname(path),
    }));
  },
};

/** Fonts of the project's own are small and travel inside the style sheet. */
const inlineOwnFonts: Plugin = {
  name: 'inline-own-fonts',
  setup(context) {
    context.onLoad({ filter: /src[\\/]css[\\/]fonts[\\/].*\.woff2$/ }, ({ path }) => ({
      contents: readFileSync(path),
      loader: 'dataurl',
    }));
  },
};

/** Gives CSS modules the class names that the pages already have (see src/site/bundle.ts). */
const readableModules: Plugin = {
  name: 'readable-modules',
  setup(context) {
    context.onLoad({ filter: /\.module\.css$/ }, ({ path }) => {
      const names = new Map<string, string>();
      const text = readFileSync(path, 'utf8');
      for (const [, name] of text.matchAll(/\.(-?[A-Za-z_][\w-]*)(?=[^{}]*\{)/g)) {
        if (name !== undefined) names.set(name, `${basename(dirname(path))}_${name}`);
      }
      return { contents: `export default ${JSON.stringify(Object.fromEntries(names))};`, loader: 'js' };
    });
  },
};

/** The same for the style sheet itself: selectors get the folder's name before theirs. */
function scopedModule(path: string): string {
  const folder = basename(dirname(path));
  const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return text.replace(/[^{};]+(?=\{)/g, (selector) =>
    /^\s*@/.test(selector) ? selector : selector.replace(/\.(-?[A-Za-z_][\w-]*)/g, `.${folder}_$1`),
  );
}

function outputOf(files: readonly { readonly path: string }[], folder: string, pattern: RegExp): string {
  const file = files.map(({ path }) => path.slice(folder.length + 1)).find((path) => pattern.test(path));
  if (file === undefined) throw new RangeError(`expected a bundle ${pattern} in ${folder}`);
  return file.split('\\').join('/');
}

/**
 * Writes the bundles into `assets/` of a built site.
 * @param modules CSS modules of the components.
 * @param islands Entry file of the islands, if any component reacts.
 */
export async function bundleAssets(
  root: string,
  site: string,
  modules: readonly string[],
  islands: string | undefined,
): Promise<Assets> {
  const css = (name: string): string => `@import ${JSON.stringify(join(root, 'src/css', `${name}.css`))};`;
  const style = await build({
    stdin: {
      contents: `${sheets.map(css).join('\n')}\n${modules.map(scopedModule).join('\n')}`,
      loader: 'css',
      resolveDir: root,
      sourcefile: 'style.css',
    },
    entryNames: 'assets/style-[hash]',
    assetNames: 'assets/[name]-[hash]',
    outdir: site,
    bundle: true,
    minify: true,
    target: targets,
    loader: { '.woff2': 'file' },
    logLevel: 'warning',
    metafile: true,
  });
  const math = await build({
    entryPoints: [join(root, 'src/css/math.css')],
    entryNames: 'assets/math-[hash]',
    assetNames: 'assets/[name]-[hash]',
    outdir: site,
    bundle: true,
    minify: true,
    target: targets,
    plugins: [firstFontOnly, inlineOwnFonts],
    loader: { '.woff2': 'file' },
    logLevel: 'warning',
    metafile: true,
  });
  const script = await build({
    entryPoints: [join(root, 'src/client/page.ts')],
    entryNames: 'assets/page-[hash]',
    outdir: site,
    bundle: true,
    minify: true,
    format: 'iife',
    target: targets,
    logLevel: 'warning',
    metafile: true,
  });
  const woken =
    islands === undefined
      ? undefined
      : await build({
          entryPoints: [islands],
          entryNames: 'assets/islands-[hash]',
          outdir: site,
          bundle: true,
          minify: true,
          // A classic script: modules do not load from a folder.
          format: 'iife',
          jsx: 'automatic',
          target: targets,
          define: { 'process.env.NODE_ENV': '"production"' },
          plugins: [readableModules],
          logLevel: 'warning',
          metafile: true,
        });
  // A worker's address cannot carry a hash: the page that names it is written before.
  const worker = join(root, 'src/components/AuditVerifier/worker.ts');
  await build({
    entryPoints: [worker],
    outfile: join(site, 'audit-worker.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: targets,
    logLevel: 'warning',
  });
  const files = (metafile: { readonly outputs: object }) =>
    Object.keys(metafile.outputs).map((path) => ({ path: join(process.cwd(), path) }));
  return {
    style: outputOf(files(style.metafile), site, /style-.*\.css$/),
    math: outputOf(files(math.metafile), site, /math-.*\.css$/),
    script: outputOf(files(script.metafile), site, /page-.*\.js$/),
    islands: woken === undefined ? undefined : outputOf(files(woken.metafile), site, /islands-.*\.js$/),
  };
}
