/** Makes the reference page of `sss` from the help texts of the commands, so that page and program can't differ. */
import path from 'node:path';
import { type Command, GLOBAL_OPTIONS } from './command';
import { EXIT_TEXT, usageLine } from './help';
import { allCommands } from './main';

export const REFERENCE_PAGE = path.resolve(__dirname, '../../docs/ceremony/sss-reference.mdx');

const FRONT = `---
title: Reference of sss
sidebar_label: sss reference
sidebar_position: 13
description: Every command of the shard tool with its options, a worked example and its exit codes.
kind: reference
owner: security-engineering
reviewed: 2026-11-23
---
`;

const INTRO = `This page is made from the help texts of the program; \`sss COMMAND --help\` prints the same.

Every command takes long options only. Shards and keys are files, never arguments: an argument that looks like a shard is refused. A report goes to standard output, an error to standard error as \`sss: error: …\` and \`sss: hint: …\`. Errors stay lines with \`--json\` as well. Nothing is overwritten: a target that exists is an error. \`-\` is standard input for \`sss verify\` and \`sss wrap\`, a pipe and never a terminal; elsewhere \`/dev/stdin\` as the name of a file reads it. \`sss --version\` names release, shard format and Node.

The environment variable \`SSS_TEST=1\` makes a drill of a command: it makes and accepts TEST sets only, and \`split\` and \`combine --format vault-hex\` are refused, because a raw key or share cannot say what it is. Any value but 1 is an error. Without it TEST sets are refused.

No command opens a connection, and \`sss.cjs\` loads no module that could. Two barriers do not rely on that word. With every version of Node, a network namespace:

\`\`\`text
unshare --map-root-user --net node sss.cjs COMMAND
\`\`\`

Node 25 and later refuse sockets, child processes and foreign folders (signatures and \`sss retire\` then need \`--allow-child-process\`):

\`\`\`text
node --permission --allow-fs-read="$PWD" --allow-fs-write="$PWD" sss.cjs COMMAND
\`\`\`

See also [Shard format](shard-format.mdx), and [the audit trail](../audit/audit-trail.mdx) for \`sss audit …\`.
`;

// Characters that MDX would read as JSX or expressions.
const escapeMdx = (text: string): string => text.replace(/[<{]/g, (c) => `\\${c}`);
const escapeCell = (text: string): string => escapeMdx(text).replace(/\|/g, '\\|');

interface Row {
  readonly left: string;
  readonly help: string;
}

const rowOf = (option: Command['options'][number]): Row => ({
  left: `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`,
  help: `${option.help}${option.required ? ' Required.' : ''}`,
});

const table = (rows: readonly Row[]): string =>
  `| Argument | Meaning |\n| --- | --- |\n${rows.map(({ left, help }) => `| \`${left}\` | ${escapeCell(help)} |`).join('\n')}`;

function section(command: Command): string {
  const { name, summary, details, options, files, example } = command;
  const rows = [...(files ? [{ left: files.name, help: files.help }] : []), ...options.map(rowOf)];
  return [
    `## sss ${name} {#${name}}`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    `\`\`\`text\n${usageLine(command)}\n\`\`\``,
    ...details.map(escapeMdx),
    ...(rows.length > 0 ? [table(rows)] : []),
    'Example:',
    `\`\`\`text\n$ ${example.command}\n${example.output}\n\`\`\``,
  ].join('\n\n');
}

/** The whole page. */
export async function referenceText(): Promise<string> {
  const codes = EXIT_TEXT.map(([code, text]) => `| ${code} | ${text} |`).join('\n');
  const exits = `## Exit codes {#exit-codes}\n\n| Code | Meaning |\n| --- | --- |\n${codes}`;
  const shared = `## Options of every command {#options}\n\n${table(GLOBAL_OPTIONS.map(rowOf))}`;
  const sections = (await allCommands()).map(section);
  return `${FRONT}\n${INTRO}\n${[shared, ...sections, exits].join('\n\n')}\n`;
}
