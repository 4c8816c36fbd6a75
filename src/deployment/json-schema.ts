/** The files of the adopter's as JSON Schemas (2020-12), so that editors complete them. Rules over several entries are in `checks.ts`. */
import * as z from 'zod';
import { approvalsSchema } from './approvals';
import { decisionsSchema } from './decisions';
import { deploymentSchema } from './schema';

function published(schema: z.ZodType, title: string, description: string): Record<string, unknown> {
  return { ...z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }), title, description };
}

/** The published schema. What has a default may be left out of the file. */
export const deploymentJsonSchema = () =>
  published(
    deploymentSchema,
    'Deployment of a MasterKey Runbook',
    'The one file that an adopter edits: key, shards, people, roles and sites.',
  );

/** Every schema of this folder, by the name of its file in static/schemas. */
export const jsonSchemas: Readonly<Record<string, () => Record<string, unknown>>> = {
  'deployment.schema.json': deploymentJsonSchema,
  'decisions.schema.json': () =>
    published(
      decisionsSchema,
      'Decisions on the proposals of a MasterKey Runbook',
      'What the owner has decided on each proposal of the page of assumptions.',
    ),
  'approvals.schema.json': () =>
    published(
      approvalsSchema,
      'Approvals of the pages of a MasterKey Runbook',
      'Who has approved which edition of which page.',
    ),
};
