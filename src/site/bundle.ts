/** Docusaurus plugin: leaves out of the bundle what this site replaces, and gives CSS modules readable, stable names. */
import { basename, dirname } from 'node:path';
import type { Plugin } from '@docusaurus/types';

interface ModuleOptions {
  localIdentName?: string;
  getLocalIdent?: (context: { resourcePath: string }, pattern: string, name: string) => string;
}

/** `src/components/Dial/styles.module.css` + `face` → `Dial_face`; scripts/islands.ts makes the same names. */
export function className(file: string, name: string): string {
  return `${basename(dirname(file))}_${name}`;
}

function nameModules(rule: unknown): void {
  if (typeof rule !== 'object' || rule === null) return;
  const { options } = rule as { options?: { modules?: ModuleOptions | string | boolean } };
  if (typeof options?.modules === 'object') {
    options.modules.getLocalIdent = ({ resourcePath }, _pattern, name) => className(resourcePath, name);
  }
  for (const value of Object.values(rule)) {
    if (Array.isArray(value)) for (const child of value) nameModules(child);
    else if (value !== options) nameModules(value);
  }
}

export default function bundle(): Plugin {
  return {
    name: 'bundle',
    configureWebpack(config) {
      for (const rule of config.module?.rules ?? []) nameModules(rule);
      return {
        resolve: {
          alias: {
            // Own style sheets and plain code blocks need neither the framework's CSS nor the highlighter.
            [require.resolve('infima/dist/css/default/default.css')]: false,
            [require.resolve('@docusaurus/theme-classic/lib/prism-include-languages.js')]: false,
          },
        },
      };
    },
  };
}
