/** A step begins with who acts, and that is the role of its `by`: what people read and what the log says never differ. */
import type { Role } from '../../deployment/roles';
import { roleIds } from '../../deployment/roles';

/** Shorter names that people in the room use. */
const spoken: Readonly<Record<string, Role>> = {
  'security officer': 'hsm-so-pin-holder',
  'user pin holder': 'hsm-user-pin-holder',
};

const labels = new Map<string, Role>([
  ...roleIds.map((role): [string, Role] => [role.replaceAll('-', ' '), role]),
  ...Object.entries(spoken),
]);

function roleOf(subject: string): Role | undefined {
  const label = subject.toLowerCase();
  const [found] = [label, label.replace(/s$/, ''), label.replace(/es$/, '')].flatMap(
    (name) => labels.get(name) ?? [],
  );
  return found ?? (/\badministrators?$/.test(label) ? 'provider-administrator' : undefined);
}

/** Two names of people, as a deployment may have them, and a word between. */
const subjectOf = /^\s*([^:\n]{1,250}):/;

/** What is wrong with the beginning of an instruction, or undefined. Custodians are called by their names. */
export function actorProblem(text: string, by: Role): string | undefined {
  const subject = subjectOf.exec(text)?.[1];
  if (subject === undefined) return 'begins without its actor; wanted "**Recovery operator:** …"';
  const role = roleOf(subject) ?? 'custodian';
  return role === by ? undefined : `begins with "${subject}", and by="${by}" says another role`;
}
