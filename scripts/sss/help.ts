/** What `sss --help`, `sss audit --help` and `sss COMMAND --help` print. Bundled apart: no key is near when it runs. */
import { type CoreCommand, EXIT, GLOBAL_OPTIONS } from './command';
import { explained } from './prose';

/** What each exit code means; printed in each help text and in the reference. */
export const EXIT_TEXT: [number, string][] = [
  [EXIT.ok, 'done; every check passed'],
  [EXIT.refused, 'refused: a shard, set, key, trail or machine is not what it must be'],
  [EXIT.usage, 'the command line is wrong'],
  [EXIT.file, 'a file cannot be read or written, or is something else'],
  [EXIT.unverifiable, 'unverifiable: no pass'],
  [EXIT.internal, 'a fault of sss; use nothing that it wrote'],
];

/** The list of commands that `sss --help` prints, or with `group` that of `sss audit --help`. */
export function overview(commands: readonly CoreCommand[], group?: 'audit'): string {
  const short = ({ name }: CoreCommand) => (group ? name.slice(group.length + 1) : name);
  const width = Math.max(...commands.map((command) => short(command).length));
  const rows = commands.map((command) => `    ${short(command).padEnd(width)}  ${command.summary}`);
  if (group) {
    return `sss audit: the audit trail of a MasterKey\n\nUsage:\n    sss audit COMMAND [options] TRAIL\n\nCommands:\n${rows.join('\n')}\n\nsss audit COMMAND --help explains one command.\n`;
  }
  rows.push(`    ${'audit'.padEnd(width)}  keep and verify the audit trail`);
  return `sss: the shards of a MasterKey, offline\n\nUsage:\n    sss COMMAND [options] [files]\n\nCommands:\n${rows.join('\n')}\n\nsss COMMAND --help explains one command; sss --version names this release.\nShards and keys are files, never arguments.\n`;
}

/** One line: the required options and the files. */
export function usageLine({ name, options, files }: CoreCommand): string {
  const required = options
    .filter((option) => option.required)
    .map((option) => `--${option.name} ${option.value ?? ''}${option.repeat ? ' …' : ''}`.trimEnd());
  const more = options.some((option) => !option.required) ? ['[options]'] : [];
  return ['sss', name, ...required, ...more, ...(files ? [files.name] : [])].join(' ');
}

/** The help text of one command, 80 columns where the words allow it. */
export function helpText(core: CoreCommand): string {
  const command = explained(core);
  const options = [...command.options, ...GLOBAL_OPTIONS];
  const rows: [string, string][] = options.map(({ name, value, help }) => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ]);
  if (command.files) rows.unshift([command.files.name, command.files.help]);
  const indent = (text: string) => text.replace(/^(?=.)/gm, '    ');
  return [
    `sss ${command.name}: ${command.summary}`,
    `Usage:\n    ${usageLine(command)}`,
    ...command.details.map((paragraph) => wrap(paragraph, 80)),
    `Options:\n${rows.map(([name, help]) => `    ${name}\n${wrap(help, 72).replace(/^/gm, '        ')}`).join('\n')}`,
    `Example:\n${indent(`$ ${command.example.command}\n${command.example.output}`)}`,
    `Exit codes:\n${EXIT_TEXT.map(([code, text]) => `    ${String(code).padEnd(3)} ${text}`).join('\n')}`,
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
