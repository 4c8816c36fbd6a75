/** Bundles what the pages load: style sheets, scripts, and the islands. Names carry a hash of the content. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';
import type { IslandAssets } from './islands';
import { bundleIslands } from './islands';

/** Browsers with `popover`, `:has` and nested `@page` boxes that print: from late 2023 on. */
const targets = ['chrome114', 'firefox125', 'safari17'];

/** What every page needs, what pages with steps or a form need besides, and paper, which must come after either. */
const sheets = {
  style: ['tokens', 'site', 'prose', 'field', 'search'],
  work: ['step', 'form'],
  print: ['print'],
} as const;

/** File names of the bundles, from the root of the site. */
export interface Assets {
  readonly style: string;
  /** Steps, runs and forms. */
  readonly work: string;
  readonly print: string;
  /** Components with styles of their own. */
  readonly components: string;
  /** Folders of those components, with which the names of their classes begin (src/site/bundle.ts). */
  readonly styled: readonly string[];
  readonly math: string;
  /** Fonts of formulas, before the body. */
  readonly formulas: string;
  readonly script: string;
  /** Loads with the first search. */
  readonly search: string;
  /** For pages with steps, and for pages with a form. */
  readonly procedure: string;
  readonly forms: string;
  /** What each of these two loads later: the run, and its steps for a form. */
  readonly run: string;
  readonly formRun: string;
  /** For pages that name open runs, and for the page that judges a printed copy. */
  readonly resume: string;
  readonly editions: string;
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

const folderOf = (path: string): string => basename(dirname(path));

/** Tables of figures stand on many pages. */
const isCommon = (path: string): boolean => folderOf(path) === 'DataTable';

/** A component's style sheet under the class names that the pages have: the folder's name before each (src/site/bundle.ts). */
function scopedModule(path: string): string {
  const folder = folderOf(path);
  const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return text.replace(/[^{};]+(?=\{)/g, (selector) =>
    /^\s*@/.test(selector) ? selector : selector.replace(/\.(-?[A-Za-z_][\w-]*)/g, `.${folder}_$1`),
  );
}

function files(metafile: { readonly outputs: object }): { readonly path: string }[] {
  return Object.keys(metafile.outputs).map((path) => ({ path: join(process.cwd(), path) }));
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
  const sheet = async (name: string, contents: readonly string[]): Promise<string> => {
    const { metafile } = await build({
      stdin: {
        contents: contents.join('\n'),
        loader: 'css',
        resolveDir: root,
        sourcefile: `${name}.css`,
      },
      entryNames: `assets/${name}-[hash]`,
      assetNames: 'assets/[name]-[hash]',
      outdir: site,
      bundle: true,
      minify: true,
      target: targets,
      loader: { '.woff2': 'file' },
      logLevel: 'warning',
      metafile: true,
    });
    return outputOf(files(metafile), site, /\.css$/);
  };
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
    entryPoints: [
      'page',
      'search/results',
      'procedure',
      'run',
      'forms',
      'form-run',
      'resume',
      'editions',
      'formulas',
    ].map((name) => join(root, 'src/client', `${name}.ts`)),
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
  const own = modules.filter((path) => !isCommon(path));
  const islands = await bundleIslands(root, site, targets);
  return {
    style: await sheet('style', [...sheets.style.map(css), ...modules.filter(isCommon).map(scopedModule)]),
    work: await sheet('work', sheets.work.map(css)),
    print: await sheet('print', sheets.print.map(css)),
    components: await sheet('components', own.map(scopedModule)),
    styled: own.map(folderOf),
    math: outputOf(files(math.metafile), site, /math-.*\.css$/),
    formulas: outputOf(files(script.metafile), site, /formulas-.*\.js$/),
    script: outputOf(files(script.metafile), site, /page-.*\.js$/),
    search: outputOf(files(script.metafile), site, /results-.*\.js$/),
    procedure: outputOf(files(script.metafile), site, /procedure-.*\.js$/),
    forms: outputOf(files(script.metafile), site, /forms-.*\.js$/),
    run: outputOf(files(script.metafile), site, /\/run-.*\.js$/),
    formRun: outputOf(files(script.metafile), site, /form-run-.*\.js$/),
    resume: outputOf(files(script.metafile), site, /resume-.*\.js$/),
    editions: outputOf(files(script.metafile), site, /editions-.*\.js$/),
    islands,
  };
}
