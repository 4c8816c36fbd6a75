/** Who acts stands first in the sentence, and is the role that the step declares. */
import { describe, expect, it } from 'vitest';
import { roleIds } from '../../src/deployment/roles';
import { actorProblem } from '../../src/procedure/steps/actor';

const label = (role: string) => {
  const words = role.replaceAll('-', ' ');
  return `${words[0]?.toUpperCase()}${words.slice(1)}`;
};

describe('actorProblem', () => {
  it.each(roleIds)('accepts %s by its name, one or several, and refuses every other role', (role) => {
    for (const subject of [label(role), `${label(role)}${role.endsWith('s') ? 'es' : 's'}`]) {
      expect(actorProblem(`${subject}: do it.`, role)).toBeUndefined();
      for (const other of roleIds.filter((each) => each !== role)) {
        expect(actorProblem(`${subject}: do it.`, other)).toContain(`begins with "${subject}"`);
      }
    }
  });

  it('knows what people are called in the room', () => {
    expect(actorProblem('Google Cloud administrator: create it.', 'provider-administrator')).toBeUndefined();
    expect(actorProblem('Database administrator: read it.', 'provider-administrator')).toBeDefined();
    expect(actorProblem('Security officer: enter the PIN.', 'hsm-so-pin-holder')).toBeUndefined();
    expect(actorProblem('User PIN holder: enter it.', 'hsm-user-pin-holder')).toBeUndefined();
    expect(actorProblem('Ana Example or Gustav Example: fetch the bag.', 'custodian')).toBeUndefined();
    expect(actorProblem('Ana Example: fetch the bag.', 'internal-witness')).toBeDefined();
  });

  it('wants an actor', () => {
    expect(actorProblem('Decrypt the shard.', 'recovery-operator')).toContain('without its actor');
  });
});
