/** Conditions on a shard: `has=seal region!=us-east-1 replicaRegion !safe`, all of which must hold. */
import type { Shard } from '../../deployment/deployment';
import { traits } from '../../deployment/providers/kind';
import { shardFieldNames } from '../../deployment/providers/registry';

const derived = ['n', 'medium', 'has', 'place', 'newContainer', 'keyRegion', 'regionId', 'newRegion'];

/** Parses a condition. Throws RangeError on an unknown field or a malformed term. */
export function parseWhere(text: string): (shard: Shard) => boolean {
  const known = [...derived, ...shardFieldNames];
  const tests = text
    .split(/\s+/)
    .filter(Boolean)
    .map((term) => {
      const match = /^(!?)([A-Za-z]+)(?:(!?=)(\S+))?$/.exec(term);
      const field = match?.[2];
      if (!match || !field || (match[1] && match[3])) {
        throw new RangeError(`condition "${term}": wanted field, !field, field=value or field!=value`);
      }
      if (!known.includes(field)) {
        throw new RangeError(`condition "${term}": unknown field; known: ${known.join(', ')}`);
      }
      const [, negated, , operator, wanted] = match;
      if (field === 'has' && !(traits as readonly (string | undefined)[]).includes(wanted))
        throw new RangeError(`condition "${term}": wanted has=… with one of ${traits.join(', ')}`);
      return (shard: Shard): boolean => {
        const value = (shard as unknown as Record<string, unknown>)[field];
        const is = Array.isArray(value) ? value.includes(wanted) : String(value) === wanted;
        if (operator !== undefined) return operator === '=' ? is : !is;
        return negated ? value === undefined : value !== undefined;
      };
    });
  return (shard) => tests.every((test) => test(shard));
}
