/** Stand-in for `psql` (PostgreSQL 15): options, variables, exit codes and output of the real client, over the drill's engine. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from '../exit';
import { type Flags, flag, given, parseFlags } from '../grammar';
import { inTheirWords, openSession, type Session } from './client';
import type { PostgresMessage } from './engine';
import { formatError, formatTable, type Layout } from './format';
import { partsOf } from './script';

const flags: Flags = {
  'no-psqlrc': 'switch',
  quiet: 'switch',
  'tuples-only': 'switch',
  'no-align': 'switch',
  expanded: 'switch',
  csv: 'switch',
  'single-transaction': 'switch',
  set: 'list',
  variable: 'list',
  command: 'list',
  file: 'list',
  'field-separator': 'value',
  'record-separator': 'value',
  dbname: 'value',
};

const hint = 'psql: hint: Try "psql --help" for more information.\n';

/** Runs one `psql` command line in the world directory. */
export async function psql(directory: string, words: readonly string[], shell: Shell): Promise<Outcome> {
  if (words.length === 1 && words[0] === '--version') {
    return { code: 0, stdout: 'psql (PostgreSQL) 15.14 (MasterKey Runbook stand-in)\n', stderr: '' };
  }
  const parsed = parseFlags(words, flags, { dashes: 2, valueMayBeFlag: true });
  const unknown = parsed.unknown[0];
  if (unknown !== undefined)
    throw new Exit(1, `psql: unrecognized option '${unknown.replace(/=.*/s, '')}'\n${hint}`);
  if (parsed.incomplete !== undefined) {
    throw new Exit(1, `psql: option '--${parsed.incomplete}' requires an argument\n${hint}`);
  }
  const actions = parsed.ordered.filter(([name]) => name === 'command' || name === 'file');
  const variables = new Map<string, string>();
  for (const [name, setting] of parsed.ordered) {
    if (name !== 'set' && name !== 'variable') continue;
    const at = setting.indexOf('=');
    if (at < 0) variables.delete(setting);
    else variables.set(setting.slice(0, at), setting.slice(at + 1));
  }
  if (given(parsed, 'quiet')) variables.set('QUIET', 'on');
  const target = flag(parsed, 'dbname') ?? parsed.positional[0];
  const session = await openSession(directory, target, shell).catch((error: unknown) => {
    throw error instanceof Exit ? inTheirWords(error, shell.env) : error;
  });
  const client = new Client(session, variables, shell, {
    format: given(parsed, 'csv') ? 'csv' : given(parsed, 'no-align') ? 'unaligned' : 'aligned',
    expanded: given(parsed, 'expanded'),
    tuplesOnly: given(parsed, 'tuples-only'),
    fieldSeparator: flag(parsed, 'field-separator') ?? '|',
    recordSeparator: flag(parsed, 'record-separator') ?? '\n',
    nullText: '',
  });
  try {
    if (!given(parsed, 'no-psqlrc')) await client.startFile();
    const code = await client.run(actions, given(parsed, 'single-transaction'));
    return { code, stdout: client.stdout, stderr: client.stderr };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { code: error.code, stdout: client.stdout, stderr: client.stderr + error.stderr };
  } finally {
    session.end();
  }
}

class Client {
  stdout = '';
  stderr = '';
  private timing = false;
  private readonly stop: () => boolean;
  private readonly quiet: () => boolean;

  constructor(
    private readonly session: Session,
    private readonly variables: Map<string, string>,
    private readonly shell: Shell,
    private readonly layout: Layout,
  ) {
    const on = (name: string) => ['1', 'on', 'true', 'yes'].includes(variables.get(name) ?? '');
    this.stop = () => on('ON_ERROR_STOP');
    this.quiet = () => on('QUIET');
  }

  async startFile(): Promise<void> {
    const path = join(this.shell.env.HOME ?? homedir(), '.psqlrc');
    if (existsSync(path)) await this.script(readFileSync(path, 'utf8'), `psql:${path}:`);
  }

  /** Performs `--command` and `--file` in order, or standard input where there is neither. Returns psql's exit code. */
  async run(actions: readonly (readonly [string, string])[], single: boolean): Promise<number> {
    if (actions.length === 0) {
      const success = await this.script(this.shell.stdin().toString('utf8'), '');
      return success || !this.stop() ? 0 : 3;
    }
    if (single) await this.query('BEGIN', '');
    let code = 0;
    for (const [name, value] of actions) {
      if (name === 'command') code = (await this.command(value)) ? 0 : 1;
      else code = (await this.file(value)) || !this.stop() ? 0 : 3;
      if (code !== 0 && this.stop()) break;
    }
    if (single) await this.query(code === 0 ? 'COMMIT' : 'ROLLBACK', '');
    return code;
  }

  /** psql sends a `--command` as it is: no variables in it, all statements at once. */
  private command(text: string): Promise<boolean> {
    return text.startsWith('\\') ? this.script(text, '') : this.query(text, '');
  }

  private file(path: string): Promise<boolean> {
    if (path === '-') return this.script(this.shell.stdin().toString('utf8'), 'psql:<stdin>:');
    const absolute = resolve(this.shell.cwd, path);
    if (!existsSync(absolute)) throw new Exit(1, `psql: error: ${path}: No such file or directory\n`);
    return this.script(readFileSync(absolute, 'utf8'), `psql:${path}:`);
  }

  /** Runs a script; false where something failed. Stops at the first failure only with ON_ERROR_STOP. */
  private async script(text: string, prefix: string): Promise<boolean> {
    let success = true;
    for (const part of partsOf(text, this.variables)) {
      const place = prefix === '' ? '' : `${prefix}${part.line}: `;
      if (part.kind === 'command' && /^\\q\b/.test(part.text)) break;
      const passed =
        part.kind === 'command' ? this.backslash(part.text, place) : await this.query(part.text, place);
      success &&= passed;
      if (!passed && this.stop()) break;
    }
    return success;
  }

  private async query(sql: string, place: string): Promise<boolean> {
    const started = performance.now();
    const messages = await this.session.query(sql);
    const success = this.print(messages, sql, place);
    if (this.timing) this.stdout += `Time: ${(performance.now() - started).toFixed(3)} ms\n`;
    return success;
  }

  private print(messages: readonly PostgresMessage[], sql: string, place: string): boolean {
    let columns: Extract<PostgresMessage, { type: 'columns' }>['columns'] | undefined;
    let rows: (readonly (string | null)[])[] = [];
    let success = true;
    for (const message of messages) {
      switch (message.type) {
        case 'columns':
          columns = message.columns;
          rows = [];
          break;
        case 'row':
          rows.push(message.values);
          break;
        case 'done':
          if (columns !== undefined) this.stdout += formatTable({ columns, rows }, this.layout);
          if (
            (columns === undefined || !/^(SELECT|SHOW|EXPLAIN|FETCH)\b/.test(message.tag)) &&
            !this.quiet()
          ) {
            this.stdout += `${message.tag}\n`;
          }
          columns = undefined;
          break;
        default:
          this.stderr += place + formatError(message.fields, sql);
          success &&= message.type === 'notice';
      }
    }
    return success;
  }

  /** The few backslash commands that a start file or script of the runbook may hold. */
  private backslash(text: string, place: string): boolean {
    const [name = '', ...words] = text.slice(1).trim().split(/\s+/);
    const values = words.map((word) => word.replace(/^'(.*)'$/s, '$1'));
    const [first, ...others] = values;
    const tell = (message: string) => {
      if (!this.quiet()) this.stdout += `${message}\n`;
    };
    switch (name) {
      case 'set':
        if (first !== undefined) this.variables.set(first, others.join(''));
        return true;
      case 'unset':
        if (first !== undefined) this.variables.delete(first);
        return true;
      case 'echo':
        this.stdout += `${values.join(' ')}\n`;
        return true;
      case 'timing':
        this.timing = first === undefined ? !this.timing : first === 'on';
        tell(`Timing is ${this.timing ? 'on' : 'off'}.`);
        return true;
      case 't':
        this.layout.tuplesOnly = !this.layout.tuplesOnly;
        tell(`Tuples only is ${this.layout.tuplesOnly ? 'on' : 'off'}.`);
        return true;
      case 'a':
        this.layout.format = this.layout.format === 'aligned' ? 'unaligned' : 'aligned';
        tell(`Output format is ${this.layout.format}.`);
        return true;
      case 'x':
        this.layout.expanded = first === undefined ? !this.layout.expanded : first === 'on';
        tell(`Expanded display is ${this.layout.expanded ? 'on' : 'off'}.`);
        return true;
      case 'pset':
        return this.pset(first ?? '', others.join(' '), place, tell);
      default:
        this.stderr += `${place}${place === '' ? '' : 'error: '}invalid command \\${name}\n`;
        return false;
    }
  }

  private pset(option: string, value: string, place: string, tell: (message: string) => void): boolean {
    if (option === 'null') {
      this.layout.nullText = value;
      tell(`Null display is "${value}".`);
      return true;
    }
    if (option === 'format' && (value === 'aligned' || value === 'unaligned' || value === 'csv')) {
      this.layout.format = value;
      tell(`Output format is ${value}.`);
      return true;
    }
    this.stderr += `${place}${place === '' ? '' : 'error: '}\\pset: unknown option: ${option}\n`;
    return false;
  }
}
