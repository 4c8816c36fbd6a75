/** Paper: the shard as text and QR code on one sheet, in a tamper-evident bag, in a safe. */
import { z } from 'zod';
import { custody, placed, slug } from './common';
import type { ProviderKind } from './kind';

const schema = z.strictObject({
  provider: z.literal('paper'),
  safe: slug.describe('Safe that holds the bag.'),
  safeControllers: z
    .array(slug)
    .min(1)
    .describe('People who open the safe; never a custodian of what lies in it.'),
  ...placed,
  ...custody,
});

export const paper: ProviderKind<z.infer<typeof schema>> = {
  name: 'Paper',
  medium: 'paper',
  has: [],
  oaepHash: () => undefined,
  tool: undefined,
  schema,
  permissions: undefined,
  place: (shard) => shard.safe,
  keyReference: (shard) => `safe:${shard.safe}`,
  next: () => undefined,
  domains: () => [],
  operator: () => undefined,
};
