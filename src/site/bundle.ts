/** Docusaurus plugin: leaves out of the bundle what this site replaces, and gives CSS modules readable, stable names. */
import { basename, dirname, join } from 'node:path';
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

/** A module without content. */
const nothing = join(__dirname, 'nothing.css');

export default function bundle(): Plugin {
  return {
    name: 'bundle',
    configureWebpack(config, _isServer, { currentBundler }) {
      for (const rule of config.module?.rules ?? []) nameModules(rule);
      const { NormalModuleReplacementPlugin } = currentBundler.instance;
      return {
        plugins: [
          // Own style sheets and plain code blocks need neither the framework's CSS nor the highlighter.
          new NormalModuleReplacementPlugin(/infima[\\/].*\.css$/, nothing),
          new NormalModuleReplacementPlugin(/theme-classic[\\/]lib[\\/]prism-include-languages$/, nothing),
        ],
      };
    },
  };
}
