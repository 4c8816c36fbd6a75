/** The menu of a chapter: without its index page, the emergencies with those of other chapters in the order of their ids. */
import { expect, test } from 'vitest';
import { menuOf } from '../src/site/menu';

const doc = (id: string, label: string) => ({ type: 'doc', id, label });
const items = [
  doc('emergency/index', 'Emergency'),
  doc('emergency/unseal', 'Unseal'),
  doc('emergency/a', 'S01 One'),
  doc('emergency/d', 'S04 Four'),
];
const elsewhere = (id: string, frontMatter: Record<string, unknown>) => ({ id, frontMatter });
const ref = (id: string) => ({ type: 'ref', id });

test('a page of another chapter that says so stands among the emergencies, in the order of the ids', () => {
  const docs = [
    elsewhere('lifecycle/c', { emergency: true, sidebar_label: 'S03 Three' }),
    elsewhere('lifecycle/z', { emergency: true, sidebar_label: 'S02 Two' }),
    elsewhere('lifecycle/e', { emergency: true, sidebar_label: 'S05 Five' }),
    elsewhere('lifecycle/other', { sidebar_label: 'S03 Not one' }),
  ];
  const [, unseal, first, fourth] = items;
  expect(menuOf('emergency', items, docs)).toEqual([
    unseal,
    first,
    ref('lifecycle/z'),
    ref('lifecycle/c'),
    fourth,
    ref('lifecycle/e'),
  ]);
  expect(menuOf('lifecycle', [doc('lifecycle/z', 'S02 Two')], docs)).toEqual([doc('lifecycle/z', 'S02 Two')]);
});
