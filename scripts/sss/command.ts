/** What a sub-command of `sss` is: its help text, its strict argument reader and its errors. */
import { UNPRINTABLE } from '../../src/shard/manifest';

/** Exit codes, the same for every command; help.ts says what each means. */
export const EXIT = { ok: 0, refused: 1, usage: 2, file: 3, unverifiable: 4, internal: 70 } as const;

/** One clear line for the operator, a hint, and the exit code. Never holds any of a shard or a key. */
export class CliError extends Error {
  constructor(
    readonly exit: number,
    message: string,
    readonly hint = '',
  ) {
    super(message);
    this.name = 'CliError';
  }
}

export const usageError = (message: string, hint = ''): CliError => new CliError(EXIT.usage, message, hint);
export const refusal = (message: string, hint = ''): CliError => new CliError(EXIT.refused, message, hint);
export const fileError = (message: string, hint = ''): CliError => new CliError(EXIT.file, message, hint);

export const BAD_MACHINE = 'Do not use this machine or this copy of sss for a ceremony.';

export interface Option {
  /** Long name without dashes. */
  name: string;
  /** Placeholder of the value; a flag has none. */
  value?: string;
  required?: boolean;
  repeat?: boolean;
  /** True when `-` means standard output. */
  pipe?: boolean;
  help: string;
}

/** What a command reports: lines for people, and the same as data for `--json`. */
export interface Report {
  lines: string[];
  json: unknown;
  /** Set when the report itself is bad news. */
  exit?: number;
  /** True when standard output carries a result: the report goes to standard error. */
  aside?: boolean;
}

export interface Io {
  env: Record<string, string | undefined>;
  out(text: string): void;
  err(text: string): void;
  /** Overwrites one line on a terminal; absent elsewhere. */
  progress?(message: string): void;
}

export interface Context extends Io {
  /** True under SSS_TEST=1: only TEST sets are accepted. */
  test: boolean;
  warn(message: string): void;
  /** Prints one more error (an item of a list) and returns its exit code. */
  fail(error: unknown): number;
  progress(message: string): void;
  /** The tests of the file that holds keys: of its own copy of the library, and of the sources that it draws from. */
  selfTests(): Promise<readonly SelfTest[]>;
}

export interface SelfTest {
  name: string;
  ok: boolean;
}

export interface Command {
  name: string;
  summary: string;
  /** Positional arguments, such as `SHARD...`; absent when there are none. With `pipe` one may be `-`, standard input. */
  files?: { name: string; min: number; max: number; help: string; pipe?: boolean };
  options: Option[];
  /** Paragraphs. */
  details: string[];
  /** A worked example: the command as printed, then what it prints. */
  example: { command: string; output: string };
  /** True for a command line that reads a key or a share which can not say whether it belongs to a drill. */
  refusedInDrill?(args: Args): boolean;
  run(args: Args, context: Context): Promise<Report>;
}

/** A command of the file that handles keys: what explains it stands in prose.ts. */
export type CoreCommand = Omit<Command, 'details' | 'example'>;

/** The arguments of one call, after every rule of the command was checked. */
export class Args {
  constructor(
    private readonly values: Map<string, string[]>,
    readonly files: string[],
  ) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  list(name: string): string[] {
    return this.values.get(name) ?? [];
  }

  get(name: string): string | undefined {
    return this.list(name)[0];
  }

  /** A required option's text. */
  text(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw usageError(`--${name} is missing`);
    return value;
  }

  /** A whole number within a range. */
  number(name: string, low: number, high: number): number {
    const value = this.text(name);
    const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= low && number <= high)) {
      throw usageError(`--${name} ${printable(value)}: wanted a whole number from ${low} to ${high}`);
    }
    return number;
  }
}

export const GLOBAL_OPTIONS: Option[] = [
  { name: 'json', help: 'Print the report as JSON.' },
  { name: 'help', help: 'Print this text.' },
];

/**
 * Reads a command line: long options only, each at most once unless it may repeat.
 * @throws CliError with exit code 2 for whatever the command doesn't know.
 */
export async function parseArgs(command: CoreCommand, argv: readonly string[]): Promise<Args> {
  const options = [...command.options, ...GLOBAL_OPTIONS];
  const values = new Map<string, string[]>();
  const hint = `sss ${command.name} --help lists the options.`;
  const files: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const arg = argv[i] ?? '';
    if (arg === '-' && !command.files?.pipe)
      throw usageError('-: wanted the name of a file', 'Standard input is /dev/stdin.');
    if (arg === '-' && files.includes(arg)) throw usageError('-: standard input is read once');
    if (arg === '-' || !arg.startsWith('-')) {
      files.push(arg);
      continue;
    }
    const [flag = '', inline] = arg.split(/=(.*)/s, 2);
    const option = options.find(({ name }) => flag === `--${name}`);
    if (!option) {
      const known = options.map(({ name }) => `--${name}`);
      const { suggestion } = await import('./suggestion');
      throw usageError(`unknown option ${printable(flag)}`, `${suggestion(flag, known)}${hint}`);
    }
    if (values.has(option.name) && !option.repeat) throw usageError(`${flag} is given twice`);
    let value = inline ?? '';
    if (option.value !== undefined && inline === undefined) {
      i += 1;
      value = argv[i] ?? '';
      if (value.startsWith('--')) throw usageError(`${flag} needs ${option.value}`, hint);
    } else if (option.value === undefined && inline !== undefined) {
      throw usageError(`${flag} takes no value`, hint);
    }
    if (option.value !== undefined && value === '') throw usageError(`${flag} needs ${option.value}`, hint);
    if (option.value === 'FILE' && ((value === '-' && !option.pipe) || value.endsWith('/'))) {
      const only = 'sss reads and writes named files, never standard output or a whole folder.';
      throw usageError(
        `${flag} ${value === '-' ? value : printable(value)}: wanted the name of a file`,
        only,
      );
    }
    values.set(option.name, [...(values.get(option.name) ?? []), value]);
  }
  const args = new Args(values, files);
  if (args.has('help')) return args;
  const { min, max, name } = command.files ?? { min: 0, max: 0, name: '' };
  const missing = options
    .filter((option) => option.required && !args.has(option.name))
    .map((option) => `--${option.name} ${option.value ?? ''}`.trimEnd());
  if (files.length === 0 && min > 0) missing.push(name);
  if (missing.length > 0)
    throw usageError(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`, hint);
  if (files.length > max) {
    throw usageError(
      max === 0
        ? `${printable(files[0] ?? '')}: no file is expected here`
        : `${files.length} files, wanted ${max === 1 ? 'one' : `at most ${max}`}`,
      hint,
    );
  }
  if (files.length < min) throw usageError(`${name}: ${files.length} given, wanted at least ${min}`, hint);
  if (files.includes(''))
    throw usageError(`argument ${argv.indexOf('') + 1} after ${command.name} is empty`, hint);
  return args;
}

const UNPRINTABLE_CHARACTERS = new RegExp(`[${UNPRINTABLE}]`, 'g');

/** A name that is safe on a terminal: no control characters, not endless; `-` is standard input. */
export function printable(name: string): string {
  if (name === '-') return 'standard input';
  const clean = name.replace(UNPRINTABLE_CHARACTERS, '?');
  return clean.length > 200 ? `${clean.slice(0, 197)}...` : clean;
}
