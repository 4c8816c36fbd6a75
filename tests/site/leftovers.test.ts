/**
 * The built pages are about the deployment at the root and no other: nothing is left open, empty or in the wrong number, and
 * nothing of the example stands on the pages of a company that has its own.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment';
import { loadDeployment } from '../../src/deployment/load';
import { exampleDeployment } from '../example';
import { BUILD, pages } from './site';

interface Node {
  readonly nodeName: string;
  readonly value?: string;
  readonly childNodes?: readonly Node[];
}

const silent = new Set(['script', 'style', 'template', 'svg', 'annotation']);
/** What begins a new line when a page is read. */
const inline = new Set(['a', 'b', 'strong', 'em', 'i', 'code', 'span', 'mark', 'abbr', 'kbd', 'time']);

/** The text of a page as it is read, one block a line. */
function textOf(node: Node): string {
  if (node.nodeName === '#text') return node.value ?? '';
  if (silent.has(node.nodeName)) return '';
  const inside = (node.childNodes ?? []).map(textOf).join('');
  return inline.has(node.nodeName) || node.nodeName === '#document' ? inside : `\n${inside}\n`;
}

function nodes(node: Node, name: string): Node[] {
  const below = (node.childNodes ?? []).flatMap((child) => nodes(child, name));
  return node.nodeName === name ? [node, ...below] : below;
}

const built = pages().map((file) => {
  const root = parse(readFileSync(join(BUILD, file), 'utf8')) as unknown as Node;
  return { file, root, lines: textOf(root).split('\n') };
});

/** Lines of all pages in which a pattern stands, with the page. */
const found = (pattern: RegExp): string[] =>
  built.flatMap(({ file, lines }) =>
    lines.filter((line) => pattern.test(line)).map((line) => `${file}: ${line.trim().slice(0, 160)}`),
  );

describe('no page', () => {
  it('shows a value that was not filled in', () => {
    expect(found(/\{\{|\}\}|\bundefined\b|\[object Object\]|\bNaN\b/)).toEqual([]);
  });

  it('counts one thing in the plural, or many in the singular', () => {
    const things =
      'shard|sheet|person|people|custodian|provider|step|minute|hour|safe|witness|witnesse|approver|site|page|quorum|domain|role';
    expect(found(new RegExp(`(?<![\\d.,:/−+-]|− )\\b1 (?:${things})s\\b|\\b1 people\\b`))).toEqual([]);
    expect(
      found(/(?<![\d.,:/−+-])\b(?:[2-9]|\d{2,3}) (?:shard|sheet|person|custodian|provider)\b(?![-’'])/),
    ).toEqual([]);
  });

  it('has a table without rows, or an empty section of a list', () => {
    const empty = built.flatMap(({ file, root }) => [
      ...nodes(root, 'tbody')
        .filter((body) => nodes(body, 'tr').length === 0)
        .map(() => `${file}: a table without rows`),
      ...[...nodes(root, 'ul'), ...nodes(root, 'ol')]
        .filter((list) => nodes(list, 'li').length === 0)
        .map(() => `${file}: a list without entries`),
    ]);
    expect(empty).toEqual([]);
  });
});

/** Every text of a deployment that somebody could recognize: names, accounts, addresses; not ids that are plain words. */
function names(value: unknown): string[] {
  if (typeof value === 'string')
    return /[A-Z .:/@]|\d{4}|-.*-/.test(value) && value.length > 5 ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(names);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(names);
  return [];
}

describe('of the example deployment', () => {
  const own = loadDeployment('deployment.yaml');
  const example = loadDeployment(exampleDeployment);
  const told = (deployment: Deployment) => new Set(names(JSON.parse(JSON.stringify(deployment))));
  const foreign = [...told(example)].filter(
    (name) => !JSON.stringify(own).includes(JSON.stringify(name).slice(1, -1)),
  );

  it('knows what to look for', () => {
    expect(told(example).size).toBeGreaterThan(20);
  });

  it.skipIf(foreign.length === 0)('nothing is left on the pages of another', () => {
    const left = foreign.flatMap((name) =>
      built.flatMap(({ file, lines }) =>
        lines.some((line) => line.includes(name)) ? [`${file}: ${name}`] : [],
      ),
    );
    expect(left).toEqual([]);
  });
});
