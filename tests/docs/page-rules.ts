/** What must be so on the compiled pages of every deployment. Each rule names the page and the line that breaks it. */
import { posix } from 'node:path';
import { lints } from '../../scripts/docs/lint';
import type { Deployment } from '../../src/deployment/deployment';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { exampleDeployment } from '../example';
import { foreignNames, unfilled, wrongNumbers } from '../site/leftovers';

/** Headings below which nothing stands. */
export function emptySections({ file, lines }: Procedure): string[] {
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

/** Heads of tables without a row. */
function emptyTables({ file, lines }: Procedure): string[] {
  return lines.flatMap(({ text, file: source, line }, index) =>
    /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/.test(text) && !/^\s*\|/.test(lines[index + 1]?.text ?? '')
      ? [`${file} (${source}:${line}): a table without rows`]
      : [],
  );
}

/** Links of the emergency chapter to pages that do not apply. */
export function deadEnds(procedures: readonly Procedure[]): string[] {
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

/** The lines of the pages as they are read, without marks and formulas, one page each so that a fault names its place. */
export const readLines = (procedures: readonly Procedure[]) =>
  procedures.flatMap(({ file, lines }) =>
    lines.map(({ text, file: source, line }) => ({
      file: `${file} (${source}:${line})`,
      lines: [text.replace(/\$[^$]*\$/g, '').replace(/\*\*|`|\]\([^)]*\)|\[(?=[^\]]*\]\()/g, '')],
    })),
  );

/** Whatever of a deployment's pages is not as it must be; empty when they are sound. */
export function pageFaults(procedures: readonly Procedure[], deployment: Deployment): string[] {
  const own = procedures.filter(({ applies }) => applies);
  const lines = readLines(own);
  return [
    ...unfilled(lines),
    ...wrongNumbers(lines),
    ...foreignNames(lines, deployment, loadDeployment(exampleDeployment)),
    ...own.flatMap(emptySections),
    ...own.flatMap(emptyTables),
    ...deadEnds(procedures),
    ...own.flatMap(lints['page length']),
    ...own.flatMap(lints['sentence length']),
    ...own.flatMap(lints['width of a command']),
  ];
}
