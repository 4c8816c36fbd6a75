/** The action list: unique over its groups, well-formed names, closed. */
import { describe, expect, it } from 'vitest';
import { ACTION_GROUPS, ACTIONS, isAuditAction, needsWitness } from '../../src/audit/actions';

const names = ACTION_GROUPS.flatMap((group) => Object.keys(group.actions));

describe('audit actions', () => {
  it('names each action once', () => {
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(Object.keys(ACTIONS).sort()).toEqual([...names].sort());
  });

  it('writes each name as noun.verb, lower case, with a sentence', () => {
    for (const [name, meaning] of Object.entries(ACTIONS)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
      expect(meaning, name).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('is closed', () => {
    expect(isAuditAction('shard.unwrapped')).toBe(true);
    for (const foreign of ['shard.unwraped', 'SHARD.UNWRAPPED', 'toString', '__proto__', '', 'shard'])
      expect(isAuditAction(foreign), foreign).toBe(false);
  });

  it('asks for a second person wherever a shard or the key is touched', () => {
    for (const action of names.filter((name) => /^(key|shard|set|bag|safe)\./.test(name)))
      expect(isAuditAction(action) && needsWitness(action), action).toBe(true);
    expect(needsWitness('alarm.raised')).toBe(false);
  });
});
