/** How the service takes the key: its import key, and the commands that show it, load what is wrapped for it, and ask the service for an answer. */
import { z } from 'zod';
import { providerIds, providers } from './providers/registry';

/** Stands in `load` for the file with the wrapped key. */
const filePlace = '{file}';

/** A word that bash reads as it is written: no quote, blank, pattern, variable or operator. */
const plainWord = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/** Programs that the pages use for something else: at the service's host each of these would mean two things. */
const taken: readonly string[] = [
  ...providerIds.flatMap((id) =>
    [providers[id].tool ?? [], Object.keys(providers[id].otherTools ?? {})].flat(),
  ),
  ...[
    'awk',
    'base64',
    'bash',
    'cat',
    'cp',
    'cut',
    'env',
    'find',
    'grep',
    'mkdir',
    'mv',
    'openssl',
    'printf',
    'psql',
  ],
  ...['python3', 'rm', 'sed', 'sh', 'sha256sum', 'sss', 'stat', 'sudo', 'test', 'wc'],
];

/** Characters of a command: it must stand in one block on paper. */
const longest = 160;

/** What is wrong with a program and its words, as they are printed and typed; undefined for what bash takes as it is. */
function commandFault(text: string, file: boolean): string | undefined {
  if (text.length > longest) return `wanted at most ${longest} characters`;
  const words = text.split(' ');
  const program = words[0] ?? '';
  const wanted = file ? `letters, digits, and ${filePlace} for the file` : 'letters and digits';
  if (words.some((word) => !plainWord.test(file ? word.replace(filePlace, 'file') : word)))
    return `wanted a program and its words, one blank between them: ${wanted}, and no character of a shell`;
  if (file && text.split(filePlace).length !== 2)
    return `wanted ${filePlace} once, where the file with the wrapped key is named`;
  if (taken.includes(program))
    return `begins with ${program}, which the pages use for something else; wanted a program of the service`;
  return /[/=]/.test(program) ? 'wanted the name of a program first, without its folder' : undefined;
}

/** A command of the service. `file`: one of its words names the file to be loaded. */
const command = (file: boolean) =>
  z.string().superRefine((text, context) => {
    const message = commandFault(text, file);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

export const serviceSchema = z
  .strictObject({
    importKey: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'wanted 64 hex digits in lower case')
      .describe('SHA-256 of the public import key of the service (DER, SubjectPublicKeyInfo).'),
    showImportKey: command(false).describe('Command at the host of the service that prints this key in PEM.'),
    load: command(true).describe(
      `Command there that loads the wrapped key; ${filePlace} stands for its file.`,
    ),
    check: command(false).describe('Command there that makes a real request of the service.'),
    answer: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9 _.,:=/-]{0,78}[A-Za-z0-9.]$/,
        'wanted one line of letters, digits, blanks and _ . , : = / -',
      )
      .describe('The line that the check prints once the service has the key, and never before.'),
  })
  .superRefine(({ showImportKey, load, check }, context) => {
    const commands = { showImportKey, load, check };
    if (Object.values(commands).some((text) => commandFault(text, text === load) !== undefined)) return;
    const programs = Object.entries(commands).map(
      ([name, text]) => [name, text.split(' ')[0] ?? ''] as const,
    );
    const alone = programs.find(([, one]) => programs.filter(([, other]) => other === one).length === 1);
    if (alone === undefined) return;
    const [name, program] = alone;
    const [, others] = programs.find(([, other]) => other !== program) ?? alone;
    const message = `begins with ${program}, and another command with ${others}; wanted one program for all three`;
    context.addIssue({ code: 'custom', path: [name], message });
  });

export type Service = z.infer<typeof serviceSchema>;

/** The program of the service's commands. */
export const serviceProgram = ({ load }: Pick<Service, 'load'>): string => load.split(' ')[0] ?? '';

/** The command that loads a file, whose name bash must read as it is. */
export const loadCommand = ({ load }: Pick<Service, 'load'>, file: string): string =>
  load.replace(filePlace, file);
