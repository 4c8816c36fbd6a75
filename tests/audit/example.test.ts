/** The published example: sound, complete, and made again by code that shares nothing with ours but the package for RFC 8785. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { verifyFiles } from '../../scripts/sss/audit/trail-file';
import { eventSchema } from '../../src/audit/event';
import { judge } from '../../src/audit/verdict';

const file = path.resolve('static/schemas/audit-trail.example.jsonl');
const page = readFileSync(path.resolve('docs/audit/audit-trail.mdx'), 'utf8');
const lines = readFileSync(file, 'utf8').trimEnd().split('\n');

describe('the example of the format', () => {
  it('is sound, and ends with the head that the page prints', () => {
    const verdict = verifyFiles([file]);
    expect(judge(verdict).lines[0]).toBe('UNVERIFIABLE: 3 records, 1 to 3, sound as far as it goes.');
    if (verdict.ok) expect(page).toContain(`\n3:${verdict.head.digest}\n`);
  });

  it('has every kind of member', () => {
    const members = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))));
    expect(Object.keys(eventSchema.shape).filter((name) => !members.has(name))).toEqual([]);
  });

  it('is what another writer makes of the same members', () => {
    let previous = '0'.repeat(64);
    lines.forEach((line, index) => {
      const { digest, ...members } = JSON.parse(line);
      const bare = canonicalize({ ...members, previous, sequence: index + 1 }) as string;
      const made = createHash('sha256').update(bare, 'utf8').digest('hex');
      expect(made).toBe(digest);
      expect(canonicalize({ ...members, digest: made })).toBe(line);
      previous = made;
    });
  });
});
