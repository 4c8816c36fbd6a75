/** The recipe of the image: its schema, and the one that this project has. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readBySchema } from '../../src/deployment/read-by-schema';

/** Where recipe, lock and the files of the image lie. */
export const imageFolder = (root: string) => join(root, 'scripts', 'image');

const why = z.string().min(4);
const named = z.strictObject({ name: z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/), why });
/** Paths of the image are relative to its root and stay in it. */
const inside = z.string().regex(/^(?!.*(?:^|\/)\.\.(?:\/|$))[a-z][\w./*-]*$/i);

const schema = z.strictObject({
  format: z.literal('mks-image-recipe/1'),
  suite: z.string(),
  archives: z.array(z.strictObject({ name: z.string(), url: z.url(), suite: z.string() })).min(1),
  packages: z.array(named).min(1),
  left_out: z.array(named),
  kernel: z.strictObject({
    package: z.string(),
    options: z.array(z.strictObject({ option: z.string().regex(/^[\w.=,-]+$/), why })),
  }),
  modules: z.array(z.strictObject({ name: z.string().regex(/^\w+$/), why })),
  settings: z.array(z.strictObject({ set: z.string().regex(/^[a-z0-9_.]+=[^=]*$/), why })),
  files: z.array(
    z.strictObject({
      from: z.string().regex(/^[\w.-]+$/),
      to: inside,
      mode: z.enum(['644', '755']).default('644'),
      why,
    }),
  ),
  remove: z.array(z.strictObject({ path: inside, except: z.string().optional(), why })),
  tools: z.array(named).min(1),
  boot: z.array(named).min(1),
});

export type Recipe = z.infer<typeof schema>;
export type Archive = Recipe['archives'][number];

/** Reads a recipe. Throws InvalidInput with the line of each mistake. */
export const parseRecipe = (text: string): Recipe => readBySchema(text, 'recipe.yaml', schema).data;

/** The recipe of a project. */
export const readRecipe = (root: string): Recipe =>
  parseRecipe(readFileSync(join(imageFolder(root), 'recipe.yaml'), 'utf8'));

/** A digest of what decides which packages a lock has: a lock of another recipe is no lock of this one. */
export function packagesDigest({ archives, packages, left_out, kernel, tools, boot }: Recipe): string {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
  const suites = archives.map(({ name, suite }) => [name, suite]);
  const text = JSON.stringify([suites, kernel.package, ...[packages, left_out, tools, boot].map(names)]);
  return createHash('sha256').update(text).digest('hex');
}
