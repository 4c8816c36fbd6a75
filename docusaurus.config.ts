/** The site: docs at the root, every check fatal, no request to another origin, values of the deployment in the text. */
import type { Options as DocsPreset, ThemeConfig } from '@docusaurus/preset-classic';
import type { Config, PluginModule } from '@docusaurus/types';
import { require as load } from 'tsx/cjs/api';

// Docusaurus' own loader breaks `import { z } from 'zod'`; the scripts' loader does not.
const { preprocessor } = load('./src/site/preprocess', __filename) as typeof import('./src/site/preprocess');
const { readRelease } = load('./src/site/release', __filename) as typeof import('./src/site/release');
const { menuOf } = load('./src/site/menu', __filename) as typeof import('./src/site/menu');
const { default: runbook } = load('./src/site/plugin', __filename) as typeof import('./src/site/plugin');
const { default: bundle } = load('./src/site/bundle', __filename) as typeof import('./src/site/bundle');

/** Both have a default that works anywhere; a public address is only needed for the sitemap and link previews. */
const url = process.env.SITE_URL ?? 'https://runbook.example';
const baseUrl = process.env.SITE_BASE ?? '/';

export default async function config(): Promise<Config> {
  // Plugins of remark and rehype are ES modules; this file is loaded as CommonJS.
  const { default: remarkMath } = await import('remark-math');
  const { default: rehypeKatex } = await import('rehype-katex');
  const expand = preprocessor(__dirname);

  return {
    title: 'MasterKey Runbook',
    tagline: 'Every command on these pages was executed before it was published.',
    favicon: 'favicon.svg',
    url,
    baseUrl,
    trailingSlash: true,
    i18n: { defaultLocale: 'en', locales: ['en'] },
    customFields: { release: { ...readRelease(__dirname) } },

    future: {
      v4: true,
      // The cache does not know that pages also depend on deployment.yaml and on partials.
      faster: {
        swcJsLoader: true,
        swcJsMinimizer: true,
        swcHtmlMinimizer: true,
        lightningCssMinimizer: true,
        mdxCrossCompilerCache: true,
        rspackBundler: true,
        rspackPersistentCache: false,
        ssgWorkerThreads: false,
        gitEagerVcs: false,
      },
    },

    baseUrlIssueBanner: false,
    onBrokenLinks: 'throw',
    onBrokenAnchors: 'throw',
    onDuplicateRoutes: 'throw',
    markdown: {
      format: 'detect',
      mermaid: true,
      // {#id} after a heading keeps links stable when its words change.
      mdx1Compat: { headingIds: true, comments: false, admonitions: false },
      hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
      preprocessor: expand,
      // Front matter names values of the deployment, too, and Docusaurus reads it from the raw file.
      parseFrontMatter: ({ defaultParseFrontMatter, filePath, fileContent }) =>
        defaultParseFrontMatter({ filePath, fileContent: expand({ filePath, fileContent }) } as Parameters<
          typeof defaultParseFrontMatter
        >[0]),
    },
    themes: ['@docusaurus/theme-mermaid'],
    clientModules: ['./src/client/dev.ts'],
    plugins: [runbook as PluginModule, bundle],

    presets: [
      [
        'classic',
        {
          docs: {
            routeBasePath: '/',
            sidebarPath: './sidebars.ts',
            sidebarItemsGenerator: async ({ defaultSidebarItemsGenerator, ...args }) => {
              const items = await defaultSidebarItemsGenerator(args);
              return menuOf(args.item.dirName, items, args.docs);
            },
            breadcrumbs: true,
            remarkPlugins: [remarkMath],
            rehypePlugins: [[rehypeKatex, { strict: 'error', throwOnError: true }]],
          },
          blog: false,
          pages: {},
          sitemap: { lastmod: null, changefreq: null, priority: null },
          theme: {
            customCss: [
              './src/css/tokens.css',
              './src/css/site.css',
              './src/css/prose.css',
              './src/css/field.css',
              './src/css/step.css',
              './src/css/form.css',
              './src/css/search.css',
              './src/css/print.css',
              './src/css/math.css',
            ],
          },
        } satisfies DocsPreset,
      ],
    ],

    themeConfig: {
      colorMode: { defaultMode: 'light', respectPrefersColorScheme: true },
      image: 'social.png',
      mermaid: { theme: { light: 'neutral', dark: 'neutral' } },
      navbar: { title: 'MasterKey Runbook' },
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
    } satisfies ThemeConfig,
  };
}
