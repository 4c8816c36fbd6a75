/** Bundles the stand-ins, and the runner of the real tools, into plain CommonJS files that need nothing but Node, so that a sandbox can hold them. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    logLevel: 'error',
  });
}

/** Writes the stand-ins, `providers.cjs`, to `outfile`. */
export function bundleProviders(outfile: string): Promise<void> {
  return bundle('./main.ts', outfile);
}

/** Writes the runner of the unmodified tools, `real.cjs`, to `outfile`. */
export function bundleRealTools(outfile: string): Promise<void> {
  return bundle('./real/main.ts', outfile);
}
