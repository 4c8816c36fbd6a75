/** Fields that every shard has, whatever holds it; ids are typed so that a typing error fails with a list. */
import { z } from 'zod';
import { nameFault } from '../names';

/** Short lower-case name: letters, digits, dashes. It becomes part of file names and commands, so nothing else. */
export const slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'wanted a short name of lower-case letters, digits and dashes');

/** Text of at most `most` characters that people read and that is quoted wherever it is printed. */
export function name(most: number) {
  return z
    .string()
    .max(most, `wanted at most ${most} characters`)
    .superRefine((text, context) => {
      const message = nameFault(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    });
}

/** One line of text: the name of a person, a company, a place. */
export const line = name(120);

/** A path on the machine that runs the command. */
export const path = name(200).refine(
  (text) => /^\/[^/]/.test(text),
  'wanted an absolute path, such as /etc/ssl/ca.pem',
);

/** The name of an identity, as the providers allow it: user, role, service account. */
export const identity = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_+=,.@/-]{0,127}$/,
    'wanted the name of an identity: letters, digits and _ + = , . @ / -',
  );

const person = slug.describe('Id of a person in `people`.');

/** Custody of a shard: who answers for it, and who has answered for it before. */
export const custody = {
  custodian: person.describe('Person who answers for this shard.'),
  alternate: person.describe('Person who stands in for the custodian; never the same one.'),
  formerCustodians: z
    .array(z.strictObject({ person, generation: z.int().min(1).max(65535) }))
    .default([])
    .describe('People who have held this shard before. What a person has once seen counts forever.'),
  minutes: z.int().min(1).max(1440).describe('Planned minutes until this shard is at hand as plain text.'),
};

/** What an online provider adds: who administers it and who may unwrap. */
export const online = {
  identityProvider: line.describe(
    'What signs people in there. Shards behind one identity provider fail together.',
  ),
  administrators: z.array(person).min(1).describe('People who can change keys and policies there.'),
  recoveryIdentity: identity.describe(
    'Identity that may unwrap this shard and no other, made before the incident.',
  ),
  signIn: z
    .array(person)
    .min(2)
    .optional()
    .describe('Who signs in with the recovery identity, where it is not custodian and alternate.'),
  recoveryNeedsIamWrite: z
    .boolean()
    .default(false)
    .describe('True when unwrapping first needs a change of permissions. The build refuses it (REC-1).'),
};

/** A key held in one place by the company: the building it stands in. */
export const placed = {
  building: slug.describe('Building; shards in one building fail together.'),
};
