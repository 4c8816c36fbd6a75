/** Bundles the stand-ins into one plain CommonJS file that needs nothing but Node, so that a sandbox can hold it. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Writes `providers.cjs` to `outfile`. */
export async function bundleProviders(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    logLevel: 'error',
  });
}
