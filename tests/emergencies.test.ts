/** A provider's emergencies follow from what can happen to its key, never from its name: whoever adds one edits no page of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standIns } from '../scripts/providers/stand-ins';
import { type Trait, traits } from '../src/deployment/providers/kind';
import { kindOf, providerIds } from '../src/deployment/providers/registry';

const root = resolve(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const chapter = readdirSync(join(root, 'docs/emergency'))
  .filter((name) => name.endsWith('.mdx'))
  .map((name) => ({ name, text: read(`docs/emergency/${name}`) }));
const withTools = providerIds.filter((id) => kindOf(id).tool !== undefined);
const stopsOf = (id: string) => Object.keys(standIns[id as keyof typeof standIns].stops);

/** What is seen of a trait in the stand-in: a provider that can be met so has the trait, and no other has. */
const seen: Partial<Record<Trait, string>> = { seal: 'sealed', pin: 'pin-locked' };

describe('the emergencies', () => {
  it.each(traits.map((trait) => [trait]))('have a page for %s, which the start page leads to', (trait) => {
    const pages = chapter.filter(({ text }) => new RegExp(`^applies: "has=${trait}"$`, 'm').test(text));
    expect(pages.map(({ name }) => name).length).toBeGreaterThan(0);
    const start = chapter.find(({ name }) => name === 'index.mdx')?.text ?? '';
    for (const { name } of pages)
      expect(start).toMatch(new RegExp(`<When where="has=${trait}">(?:\\n- .*)*\\]\\(${name}\\)`));
    expect(providerIds.filter((id) => kindOf(id).has.includes(trait)).length).toBeGreaterThan(0);
  });

  it('apply by no name of a provider, drill by none, and list no tool of one', () => {
    const tools = withTools.map((id) => kindOf(id).tool);
    const naming = chapter.flatMap(({ name, text }) =>
      text
        .slice(0, text.indexOf('\n---\n', 4))
        .split('\n')
        .filter((line) => /provider[!=]/.test(line) || tools.some((tool) => line === `  - ${tool}`))
        .map((line) => `${name}: ${line}`),
    );
    expect(naming).toEqual([]);
  });
});

describe.each(withTools.map((id) => [id]))('the provider %s', (id) => {
  const { has, region, schema } = kindOf(id);
  const partials = read(`docs/_providers/${id}.mdx`);
  const fields = Object.keys((schema as unknown as { shape: object }).shape);

  it('has the emergencies of what its stand-in can meet, and at least one', () => {
    expect(has.length).toBeGreaterThan(0);
    for (const [trait, fault] of Object.entries(seen))
      expect([id, trait, has.includes(trait as Trait)]).toEqual([id, trait, stopsOf(id).includes(fault)]);
    expect(partials.includes('<Partial name="cancel-deletion">')).toBe(has.includes('deletion-window'));
  });

  it.each<[string, boolean]>([
    ['cancel-deletion', has.includes('deletion-window') || has.includes('key-version')],
    ['confirm-sealed', has.includes('seal')],
    ['confirm-outage', region !== undefined],
    ['decrypt-replica', fields.includes('replicaRegion')],
    ['sign-out', fields.includes('identityProvider')],
  ])('has the steps %s where a page of its emergencies needs them', (name, needed) => {
    if (needed) expect(partials).toContain(`<Partial name="${name}">`);
  });
});
