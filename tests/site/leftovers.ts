/**
 * What must not be left on the built pages of a deployment: values that were not filled in, empty tables and sections, the
 * wrong number of a word, links to pages that do not apply, and what is of the example's deployment alone.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parse } from 'parse5';
import { filesOf } from '../../scripts/ship/csp';
import type { Deployment } from '../../src/deployment/deployment';
import { fictionalNotice } from '../../src/deployment/fictional';
import { loadDeployment } from '../../src/deployment/load';
import { exampleDeployment } from '../example';

interface Node {
  readonly nodeName: string;
  readonly value?: string;
  readonly childNodes?: readonly Node[];
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
}

interface Built {
  readonly file: string;
  readonly root: Node;
  readonly lines: readonly string[];
}

/** What rules of the text alone need of a page, built or compiled. */
export type Text = Pick<Built, 'file' | 'lines'>;

const silent = new Set(['script', 'style', 'template', 'svg', 'annotation']);
/** What begins no new line when a page is read. */
const inline = new Set(['a', 'b', 'strong', 'em', 'i', 'code', 'span', 'mark', 'abbr', 'kbd', 'time']);

/** The text of a page as it is read, one block a line. */
function textOf(node: Node): string {
  if (node.nodeName === '#text') return node.value ?? '';
  if (silent.has(node.nodeName)) return '';
  const inside = (node.childNodes ?? []).map(textOf).join('');
  return inline.has(node.nodeName) || node.nodeName === '#document' ? inside : `\n${inside}\n`;
}

/** Elements of a name, in the order of the page; without those in an element that `skip` names. */
function nodes(node: Node, name: string, skip: (node: Node) => boolean = () => false): Node[] {
  if (skip(node)) return [];
  const below = (node.childNodes ?? []).flatMap((child) => nodes(child, name, skip));
  return node.nodeName === name ? [node, ...below] : below;
}

/** Hidden until a script has something to put there. */
const isHidden = ({ attrs = [] }: Node): boolean => attrs.some(({ name }) => name === 'hidden');

/** The page of known mistakes quotes what went wrong, word by word, in any deployment. */
const quoting = 'audit/known-mistakes/index.html';

/** Every page of a built site, read. */
export function readBuild(build: string): Built[] {
  return filesOf(build)
    .filter((file) => file.endsWith('.html') && file !== quoting)
    .map((file) => {
      const root = parse(readFileSync(join(build, file), 'utf8')) as unknown as Node;
      return { file, root, lines: textOf(root).split('\n') };
    });
}

/** Lines of all pages in which a pattern stands, with the page. */
const found = (built: readonly Text[], pattern: RegExp): string[] =>
  built.flatMap(({ file, lines }) =>
    lines.filter((line) => pattern.test(line)).map((line) => `${file}: ${line.trim().slice(0, 160)}`),
  );

/** Values that were not filled in. */
export const unfilled = (built: readonly Text[]): string[] =>
  found(built, /\{\{|\}\}|\bundefined\b|\[object Object\]|\bNaN\b/);

/** One thing in the plural, or many in the singular; "both" and "the approvers" of one person. */
export function wrongNumbers(built: readonly Text[]): string[] {
  const things =
    'shard|sheet|person|people|custodian|provider|step|minute|hour|safe|witness|witnesse|approver|site|page|quorum|domain|role';
  return [
    ...found(built, new RegExp(`(?<![\\d.,:/−+-]|− )\\b1 (?:${things})s\\b|\\b1 people\\b`)),
    ...found(
      built,
      /(?<![\d.,:/−+-])\b(?:[2-9]|\d{2,3}) (?:shard|sheet|person|custodian|provider)\b(?![-’'])/,
    ),
    // A role or a safe may have more people than two.
    ...found(built, /\bboth (?:approvers|controllers|PIN holders)\b|\bboth of them:/i),
  ];
}

const hasText = (node: Node): boolean => textOf(node).trim() !== '' || nodes(node, 'img').length > 0;

/** The elements of a page's text in order, flat: headings, and what stands below them. */
function blocks(node: Node): Node[] {
  return (node.childNodes ?? []).flatMap((child) =>
    ['div', 'section', 'header', 'article', 'main'].includes(child.nodeName) ? blocks(child) : [child],
  );
}

/** Tables without rows, lists without entries, headings with nothing below them. */
export function emptyParts(built: readonly Built[]): string[] {
  return built.flatMap(({ file, root }) => {
    const tables = nodes(root, 'tbody')
      .filter((body) => nodes(body, 'tr').length === 0)
      .map(() => `${file}: a table without rows`);
    const lists = ['ul', 'ol']
      .flatMap((name) => nodes(root, name, isHidden))
      .filter((list) => nodes(list, 'li').length === 0)
      .map(() => `${file}: a list without entries`);
    const flat = nodes(root, 'article')
      .flatMap(blocks)
      .filter((block) => block.nodeName !== '#text' || hasText(block));
    const level = (block?: Node) => Number(/^h([2-6])$/.exec(block?.nodeName ?? '')?.[1] ?? 0);
    const sections = flat.flatMap((block, index) => {
      const next = flat[index + 1];
      const open =
        level(block) > 0 && (next === undefined || (level(next) > 0 && level(next) <= level(block)));
      return open ? [`${file}: the section "${textOf(block).trim()}" is empty`] : [];
    });
    return [...tables, ...lists, ...sections];
  });
}

const notHere = 'Not part of this deployment';

/** Pages that say that they do not apply. */
export function foreignPages(built: readonly Built[]): string[] {
  return built.filter(({ lines }) => lines.some((line) => line.includes(notHere))).map(({ file }) => file);
}

/** Links of the emergency chapter, whose reader has no time for them, to pages that say that they do not apply. */
export function deadEnds(built: readonly Built[]): string[] {
  const foreign = new Set(foreignPages(built));
  return built
    .filter(({ file }) => file.startsWith('emergency/') && !foreign.has(file))
    .flatMap(({ file, root }) => {
      const targets = nodes(root, 'article')
        // What sss can print is listed for every deployment, in tables, with the page about each.
        .flatMap((part) => (file.startsWith('emergency/stopped/') ? [] : nodes(part, 'a')))
        .flatMap(({ attrs }) => attrs?.find(({ name }) => name === 'href')?.value ?? [])
        .map((href) => href.split(/[?#]/)[0] ?? '')
        .filter((href) => href !== '' && !/^\w+:/.test(href))
        .map((href) => (href.startsWith('/') ? href.slice(1) : posix.join(dirname(file), href)))
        .map((path) => (path.endsWith('.html') ? path : posix.join(path, 'index.html')));
      return [...new Set(targets.filter((path) => foreign.has(path)))].map(
        (path) => `${file}: leads to ${path}, which does not apply`,
      );
    });
}

/** Every text of a deployment that somebody could recognize: names, accounts, addresses; not ids that are plain words. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string')
    return /[A-Z .:/@]|\d{4}|-.*-/.test(value) && value.length > 5 ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(namesIn);
  return [];
}

/** Names of a deployment, without those of its kinds of providers and its regions, which pages name in general too. */
export function namesOf(deployment: Deployment): string[] {
  const general = new Set(
    deployment.shards.flatMap((shard) => [
      shard.providerName,
      shard.name,
      ...('region' in shard ? [shard.region] : []),
      ...('location' in shard ? [shard.location] : []),
    ]),
  );
  return [...new Set(namesIn(JSON.parse(JSON.stringify(deployment))))].filter((name) => !general.has(name));
}

/** Names of another deployment that stand on the pages, and in no text of the own one. */
export function foreignNames(built: readonly Text[], own: Deployment, other: Deployment): string[] {
  const foreign = namesOf(other).filter(
    (name) =>
      !JSON.stringify(own).includes(JSON.stringify(name).slice(1, -1)) &&
      // The pages give the key on a token this label in every deployment.
      !/^masterkey-shard-\d+$/.test(name),
  );
  return foreign.flatMap((name) =>
    built.flatMap(({ file, lines }) =>
      lines.some((line) => line.includes(name)) ? [`${file}: ${name}`] : [],
    ),
  );
}

/** Pages that do not say what is made up, or that say it where nothing is. */
export function wrongNotices(built: readonly Built[], own: Deployment): string[] {
  const notice = fictionalNotice(own);
  return built
    .filter(({ lines }) =>
      notice === undefined
        ? lines.some((line) =>
            /^(?:This is an example: everybody|Not in force yet: deployment\.yaml)/.test(line),
          )
        : !lines.includes(notice),
    )
    .map(
      ({ file }) =>
        `${file}: ${notice === undefined ? 'says that something is made up' : `does not say: ${notice}`}`,
    );
}

/** Everything that is left on the pages of a deployment; empty when they are sound. */
export function leftovers(built: readonly Built[], own: Deployment): string[] {
  return [
    ...unfilled(built),
    ...wrongNumbers(built),
    ...emptyParts(built),
    ...deadEnds(built),
    ...wrongNotices(built, own),
    ...foreignNames(built, own, loadDeployment(exampleDeployment)),
  ];
}
