/** Known mistakes: the files of `tests/cases/`, each with what went wrong, what happens now, and the tests that would notice. */
import * as z from 'zod';
import { InvalidInput } from '../deployment/problem';
import { readBySchema } from '../deployment/read-by-schema';

/** The groups in which the page shows them. */
export const MISTAKE_GROUPS = [
  'Recovery and ceremony pages',
  'Shard tool, registry, trail and kit',
  'Deployment file',
  'Site',
] as const;

export type MistakeGroup = (typeof MISTAKE_GROUPS)[number];

/** Paragraphs of a case, in their order; each begins with its name in bold. */
export const MISTAKE_PARTS = ['Given', 'What happened', 'What happens now', 'Siblings'] as const;

const facts = z.strictObject({
  id: z.string().regex(/^[DPSW]\d{2}$/, 'wanted a letter D, P, S or W and two digits'),
  title: z.string().min(10).max(140).regex(/[^.]$/, 'wanted a title without a full stop'),
  group: z.enum(MISTAKE_GROUPS),
  kind: z.string().min(3).max(200),
  pages: z.array(z.string().regex(/^[a-z0-9/-]+$/, 'wanted a page such as emergency/unseal')),
  tests: z
    .array(
      z.strictObject({
        file: z.string().regex(/^tests\/[\w/.-]+\.test\.tsx?$/, 'wanted a test file such as tests/x.test.ts'),
        name: z.string().min(1),
      }),
    )
    .min(1),
});

export interface Mistake extends z.infer<typeof facts> {
  /** Markdown of each part, without its name. */
  readonly parts: Readonly<Record<(typeof MISTAKE_PARTS)[number], string>>;
}

/** Reads the parts of a body; says in a sentence what is wrong with them. */
function partsOf(body: string): Mistake['parts'] | string {
  const pieces = body.split(/^\*\*([^*\n]+)\*\*\s+/m);
  if (pieces[0]?.trim() !== '') return `wanted **${MISTAKE_PARTS[0]}** first`;
  const names = pieces.filter((_, index) => index % 2 === 1);
  if (names.join() !== MISTAKE_PARTS.join())
    return `wanted paragraphs that begin with ${MISTAKE_PARTS.map((name) => `**${name}**`).join(', ')}, found ${names.join(', ') || 'none'}`;
  const texts = names.map((name, index) => [name, pieces[2 * index + 2]?.trim() ?? ''] as const);
  const empty = texts.find(([, text]) => text === '');
  if (empty !== undefined) return `nothing stands under **${empty[0]}**`;
  return Object.fromEntries(texts) as unknown as Mistake['parts'];
}

/**
 * Reads one case. @param file Its path, whose name must be its id.
 * @throws InvalidInput with the line of each thing that is wrong.
 */
export function parseMistake(file: string, text: string): Mistake {
  const refuse = (line: number, message: string): never => {
    throw new InvalidInput([{ file, line, rule: 'CASE', message }]);
  };
  const [, front = '', body = ''] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text) ?? [];
  if (front === '') return refuse(1, 'wanted front matter between two lines of ---');
  const { data } = readBySchema(front, file, facts, { rule: 'CASE', before: 1 });
  if (!file.endsWith(`/${data.id}.md`))
    return refuse(2, `wanted the id of the file's name, found ${data.id}`);
  const parts = partsOf(body);
  const first = text.split('\n').length - body.split('\n').length + 1;
  return typeof parts === 'string' ? refuse(first, parts) : { ...data, parts };
}
