/** The schema of `deployment.yaml`, the one file that an adopter edits. Published as static/schemas/deployment.schema.json. */
import { z } from 'zod';
import { identity, line, name, slug } from './providers/common';
import { type ShardFields, shardSchema } from './providers/registry';
import { type AssignedRole, assignedRoleIds } from './roles';
import { serviceSchema } from './service';

const person = z.strictObject({
  id: slug,
  name: line,
  organization: line.optional().describe('Only for people of another organization.'),
});

const rolesSchema = z.strictObject({
  ...(Object.fromEntries(assignedRoleIds.map((role) => [role, z.array(slug).min(1)])) as Record<
    AssignedRole,
    z.ZodArray<typeof slug>
  >),
  'safe-controller': z
    .array(slug)
    .min(2)
    .optional()
    .describe('Who opens the safes of kit and exports, where no shard on paper names safe controllers.'),
});

/** Shards that pages, sheets and drill can hold. A set of `sss` may have 255. */
const maximumShards = 40;

export const deploymentSchema = z.strictObject({
  organization: line.describe('Name of the company, as it stands on the printed sheets.'),
  key: z.strictObject({
    name: slug.describe('Name of the MasterKey, in manifest, registry and trail.'),
    version: z.int().min(1).max(9999).describe('Counts the keys: a rotation makes a new version.'),
    generation: z
      .int()
      .min(1)
      // The format of a shard has 65,535; one must be left for the next set.
      .max(65534)
      .describe('Counts the sets of this version: a reshare makes a new generation.'),
    bytes: z.int().min(16).max(64).describe('Length of the key in bytes, 16 to 64.'),
    threshold: z.int().min(2).max(255).describe('M: shards that are needed. N is the length of `shards`.'),
    service: line.describe('Service that loads the key.'),
    protects: z
      .array(line)
      .optional()
      .describe(
        'What cannot run without the key, named as elsewhere in this file: identity providers, the registry, hosts.',
      ),
  }),
  database: z.strictObject({
    service: z
      .string()
      .regex(
        /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/,
        'wanted the name of a connection: letters, digits and _ . -',
      )
      .describe('Name of the connection in pg_service.conf.'),
    recoveryRole: name(63).describe('PostgreSQL role that may read and append, made before the incident.'),
    exports: z
      .array(z.strictObject({ building: slug, medium: line }))
      .min(1)
      .describe('Where signed exports of the registry are kept, apart from the database.'),
  }),
  service: serviceSchema
    .optional()
    .describe(
      'How the service takes the key, wrapped for it alone. Without this, people load a file in clear at its console.',
    ),
  shards: z
    .array(shardSchema)
    .min(2)
    // Each shard is a part of its own on every page that unwraps; beyond this no page can be read in an emergency.
    .max(
      maximumShards,
      `wanted at most ${maximumShards} entries: each shard is a part of its own on every page that unwraps`,
    )
    .describe('One entry a shard, in order: the first is shard 1.'),
  people: z.array(person).min(2),
  roles: rolesSchema.describe('Who may act in each role.'),
  identityProviders: z
    .array(
      z.strictObject({
        name: line.describe('As shards name it under `identityProvider`.'),
        administrators: z
          .array(slug)
          .min(1)
          .describe('People who can sign in as anybody there, or let somebody in.'),
      }),
    )
    .optional()
    .describe('Who administers an identity provider. One that is not named counts as a person of its own.'),
  automations: z
    .array(
      z.strictObject({
        name: line,
        identity: identity.describe(
          'Identity that it signs in with. It may read states of keys, and unwrap nothing.',
        ),
        shards: z
          .array(z.int().min(1).max(maximumShards))
          .min(1)
          .describe('Shards at whose providers it signs in.'),
      }),
    )
    .optional()
    .describe('Jobs that run with nobody there, such as the weekly check of key states.'),
  sites: z
    .array(z.strictObject({ id: slug, name: line, address: line }))
    .min(1)
    .describe('Buildings that shards and exports refer to.'),
});

/** `deployment.yaml` as written. */
export type DeploymentFile = Omit<z.infer<typeof deploymentSchema>, 'shards'> & { shards: ShardFields[] };
