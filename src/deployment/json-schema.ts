/** `deployment.yaml` as a JSON Schema (2020-12), so that editors complete it. Rules over several entries are in `checks.ts`. */
import * as z from 'zod';
import { deploymentSchema } from './schema';

/** The published schema. What has a default may be left out of the file. */
export function deploymentJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(deploymentSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    ...schema,
    title: 'Deployment of a MasterKey Runbook',
    description: 'The one file that an adopter edits: key, shards, people, roles and sites.',
  } as Record<string, unknown>;
}
