/** The signs of an emergency, from the list of its start page. */
import { expect, test } from 'vitest';
import { signsOf } from '../src/site/signs';

const lines = (text: string) => text.split('\n').map((line) => ({ text: line }));

test('reads the headings of signs and the pages below them', () => {
  const page = `## Find the sign {#signs}
- **S99** [Under no sign](none.mdx)
### A safe is lost {#sign-safe}
- **S12** [A safe](safe.mdx)
- **S06** [Replaced](../lifecycle/replace.mdx#begin)
### Nothing {#sign-empty}
### Somebody acts {#sign-people}
- **S12** [Again](safe.mdx)
- **S26** [Insiders](insiders.mdx), or [others](others.mdx)
## If this site is down {#offline}
- [Kit](kit.mdx)`;
  expect(signsOf('docs/emergency/index.mdx', lines(page))).toEqual([
    { title: 'A safe is lost', pages: ['/emergency/safe', '/lifecycle/replace'] },
    { title: 'Somebody acts', pages: ['/emergency/insiders'] },
  ]);
});
