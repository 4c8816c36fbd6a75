/** What the reader copies is what ran: every code block of every shipped page equals the one that was compiled, in order. */
import { readFileSync } from 'node:fs';
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { expect, test } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';
import { hrefOf } from '../../src/site/href';
import { BUILD } from './site';

type Node = DefaultTreeAdapterMap['node'];

const textOf = (node: Node): string => {
  if ('value' in node) return node.value;
  if (node.nodeName === 'br') return '\n';
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
};

function blocksOf(node: Node): string[] {
  if (node.nodeName === 'pre') return [textOf(node).replace(/\n$/, '')];
  return 'childNodes' in node ? node.childNodes.flatMap(blocksOf) : [];
}

const procedures = loadProcedures('.', loadDeployment('deployment.yaml'));
const pages = procedures.filter((procedure) => procedure.applies && procedure.page.drill);

test('there are pages to compare', () => {
  expect(pages.length).toBeGreaterThan(5);
});

test.each(pages.map((procedure) => [procedure.file, procedure] as const))('%s', (_, procedure) => {
  const html = readFileSync(`${BUILD}${hrefOf(procedure.file)}/index.html`, 'utf8');
  const compiled = procedure.blocks.map((block) => block.text);
  expect(compiled.length).toBeGreaterThan(1);
  expect(blocksOf(parse(html))).toEqual(compiled);
});
