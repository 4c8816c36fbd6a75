/** The pages of deployments without paper, and on paper alone: no section is empty, nothing leads to a page that does not apply. */
import { join, posix, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';

const root = resolve(__dirname, '../..');
const fixture = (name: string) => join(root, 'tests/fixtures/deployments', `${name}.yaml`);

/** Headings below which nothing stands. */
function emptySections({ file, lines }: Procedure): string[] {
  let fenced = false;
  const text = lines
    .filter(({ text: line }) => {
      if (/^\s*```/.test(line)) fenced = !fenced;
      return line.trim() !== '' && (!fenced || !line.startsWith('#'));
    })
    .map(({ text: line }) => line);
  const level = (line = '') => /^(#{2,6}) /.exec(line)?.[1]?.length ?? 0;
  return text.flatMap((line, index) => {
    const [own, next] = [level(line), level(text[index + 1])];
    const open = own > 0 && (index === text.length - 1 || (next > 0 && next <= own));
    return open ? [`${file}: ${line}`] : [];
  });
}

/** Links of the emergency chapter to pages that do not apply. */
function deadEnds(procedures: readonly Procedure[]): string[] {
  const foreign = new Set(procedures.filter(({ applies }) => !applies).map(({ file }) => file));
  return procedures
    .filter(({ file, applies }) => applies && file.startsWith('docs/emergency/'))
    .flatMap(({ file, lines }) =>
      // What sss can print is listed for every deployment, with the page about each.
      lines.flatMap(({ text, file: source }) =>
        source.endsWith('_refusals/sss.yaml')
          ? []
          : [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].flatMap(([, target = '']) => {
              const page = target.startsWith('/')
                ? `docs${target}.mdx`
                : posix.join(posix.dirname(file), target);
              return foreign.has(page) ? [`${file}: ${page}`] : [];
            }),
      ),
    );
}

describe.each(['paper', 'no-paper', 'azure', '2-of-3'])('the pages of %s', (name) => {
  const procedures = loadProcedures(root, loadDeployment(fixture(name)));

  it('have no empty section', () => {
    expect(procedures.flatMap(emptySections)).toEqual([]);
  });

  it('send nobody in an emergency to a page that does not apply', () => {
    expect(deadEnds(procedures)).toEqual([]);
  });

  it('count one shard as one', () => {
    const wrong = procedures.flatMap(({ file, lines }) =>
      lines
        .filter(({ text }) => /(?<![\d.,:−+-])\b1 shards\b/.test(text))
        .map(({ text }) => `${file}: ${text}`),
    );
    expect(wrong).toEqual([]);
  });
});
