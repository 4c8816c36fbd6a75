/** The answers of an adopter: a deployment file that is not complete yet. Kept in a file that git ignores, so that one can stop and go on. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { readWritten } from '../../src/deployment/load';
import { InvalidInput } from '../../src/deployment/problem';
import { readYaml, type YamlFile } from '../../src/deployment/yaml';

export type Path = readonly (string | number)[];

export type Answers = Record<string, unknown>;

/** Where the answers are kept, beside `deployment.yaml`. */
export const answersFile = '.adopt.yaml';

const header = `# Answers of npm run adopt, which goes on here. Nothing secret; git ignores this file. Delete it to begin again.
`;

/** What stands at a path; undefined where nothing does. */
export function at(answers: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Answers)[key] : undefined),
    answers,
  );
}

/** The same answers with another value at a path; undefined takes it away. */
export function put<T>(answers: T, [key, ...rest]: Path, value: unknown): T {
  if (key === undefined) return value as T;
  const copy = (
    Array.isArray(answers) || (answers === undefined && typeof key === 'number')
      ? [...((answers as unknown[] | undefined) ?? [])]
      : { ...(answers as object | undefined) }
  ) as Answers;
  const next = put(copy[key], rest, value);
  if (next === undefined && !Array.isArray(copy)) delete copy[key];
  else copy[key] = next;
  return copy as T;
}

/** Reads answers from a YAML file. Throws InvalidInput where it cannot be read or is no map. */
export function readAnswers(file: string): { answers: Answers; source: YamlFile; shown: string } {
  const { text, shown } = readWritten(file);
  const source = readYaml(text, shown);
  const value = source.value ?? {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new InvalidInput([
      {
        file: shown,
        line: 1,
        rule: 'ANSWERS',
        message: 'wanted the fields of a deployment, as in deployment.yaml',
      },
    ]);
  return { answers: value as Answers, source, shown };
}

/** The answers so far; none where nobody has begun. */
export function keptAnswers(file: string): Answers {
  return existsSync(file) ? readAnswers(file).answers : {};
}

/** Keeps the answers: all of them or, when the machine stops, those from before. */
export function keepAnswers(file: string, answers: Answers): void {
  writeFileSync(`${file}.draft`, `${header}${stringify(answers)}`, { mode: 0o600 });
  renameSync(`${file}.draft`, file);
}
