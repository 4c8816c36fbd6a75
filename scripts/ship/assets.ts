/** Bundles what the pages load: two style sheets, the page script, and the islands. Names carry a hash of the content. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';
import type { IslandAssets } from './islands';
import { bundleIslands } from './islands';

/** Browsers with `popover`, `:has` and nested `@page` boxes that print: from late 2023 on. */
const targets = ['chrome114', 'firefox125', 'safari17'];

const sheets = ['tokens', 'site', 'prose', 'field', 'step', 'form', 'search', 'print'];

/** File names of the bundles, from the root of the site. */
export interface Assets {
  readonly style: string;
  readonly math: string;
  /** Fonts of formulas, before the body. */
  readonly formulas: string;
  readonly script: string;
  /** For pages with steps, and for pages with a form. */
  readonly procedure: string;
  readonly forms: string;
  readonly islands: IslandAssets;
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

/** A component's style sheet under the class names that the pages have: the folder's name before each (src/site/bundle.ts). */
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
 */
export async function bundleAssets(root: string, site: string, modules: readonly string[]): Promise<Assets> {
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
    plugins: [firstFontOnly],
    loader: { '.woff2': 'file' },
    logLevel: 'warning',
    metafile: true,
  });
  const script = await build({
    entryPoints: ['page', 'procedure', 'forms', 'formulas'].map((name) =>
      join(root, 'src/client', `${name}.ts`),
    ),
    entryNames: 'assets/[name]-[hash]',
    outdir: site,
    bundle: true,
    minify: true,
    format: 'iife',
    target: targets,
    loader: { '.woff2': 'binary' },
    logLevel: 'warning',
    metafile: true,
  });
  const islands = await bundleIslands(root, site, targets);
  const files = (metafile: { readonly outputs: object }) =>
    Object.keys(metafile.outputs).map((path) => ({ path: join(process.cwd(), path) }));
  return {
    style: outputOf(files(style.metafile), site, /style-.*\.css$/),
    math: outputOf(files(math.metafile), site, /math-.*\.css$/),
    formulas: outputOf(files(script.metafile), site, /formulas-.*\.js$/),
    script: outputOf(files(script.metafile), site, /page-.*\.js$/),
    procedure: outputOf(files(script.metafile), site, /procedure-.*\.js$/),
    forms: outputOf(files(script.metafile), site, /forms-.*\.js$/),
    islands,
  };
}
