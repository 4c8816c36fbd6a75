/**
 * Stand-in for the `vault` command: status, read, write and delete with a closed list of options; output and errors of
 * Vault 1.15. `bao` of OpenBao is the same client, which looks for BAO_… in its environment before VAULT_….
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Exit, type Outcome, type Shell } from '../exit';
import { type Flags, flag, given, type Parsed, parseFlags } from '../grammar';
import type { Tool } from '../stand-in';
import { type Fault, faultModes, faultOn, hang } from '../world';
import { print, status } from './output';
import { callVault, type Data, forbidden, undecipherable, VaultError } from './server';
import { type VaultServer, vaultState } from './state';

const http: Flags = {
  address: 'value',
  'ca-cert': 'value',
  namespace: 'value',
  'non-interactive': 'switch',
};

const commands: Readonly<Record<string, Flags>> = {
  status: { ...http, format: 'value' },
  read: { ...http, field: 'value', format: 'value' },
  write: { ...http, field: 'value', format: 'value', force: 'switch', f: 'switch' },
  delete: { ...http, field: 'value', format: 'value' },
  'token revoke': { ...http, self: 'switch' },
};

interface Session {
  readonly server: VaultServer | undefined;
  readonly address: string;
  readonly token: string;
  readonly fault: (Fault & { readonly scale: number }) | undefined;
  readonly timeout: number;
  /** Namespace that requests are sent into; empty for the root. */
  readonly namespace: string;
  /** File of the authority that the client is to trust, in the place of the system's. */
  readonly caFile: string | undefined;
}

/** Runs one `vault` command line in the world directory. */
export const vault: Tool = (directory, words, shell) => client(directory, words, shell, 'Vault v1.15.6');

/** Runs one `bao` command line in the world directory. */
export const bao: Tool = (directory, words, shell) => {
  const own = Object.entries(shell.env).flatMap(([name, value]) =>
    name.startsWith('BAO_') ? [[name.replace('BAO_', 'VAULT_'), value]] : [],
  );
  const env = { ...shell.env, ...Object.fromEntries(own) };
  return client(directory, words, { ...shell, env }, 'OpenBao v2.6.2');
};

function client(directory: string, words: readonly string[], shell: Shell, version: string): Outcome {
  const [name = '', ...rest] =
    words[0] === 'token' ? [words.slice(0, 2).join(' '), ...words.slice(2)] : words;
  if (name === 'version' || name === '--version') {
    return { code: 0, stdout: `${version} (MasterKey Runbook stand-in)\n`, stderr: '' };
  }
  const flags = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (flags === undefined) {
    throw new Exit(
      127,
      `Usage: vault <command> [args]\n\nCommon commands:\n    read, write, delete, status\n`,
    );
  }
  const parsed = parseFlags(rest, flags, { dashes: 1, stopAtPositional: true, valueMayBeFlag: true });
  const unknown = parsed.unknown[0];
  if (unknown !== undefined) {
    throw new Exit(1, `flag provided but not defined: -${unknown.replace(/^-+/, '').replace(/=.*/s, '')}\n`);
  }
  if (parsed.incomplete !== undefined) throw new Exit(1, `flag needs an argument: -${parsed.incomplete}\n`);
  const format = flag(parsed, 'format') ?? shell.env.VAULT_FORMAT ?? 'table';
  if (!['table', 'json', 'yaml', 'yml'].includes(format))
    throw new Exit(1, `Invalid output format: ${format}\n`);

  const world = vaultState.load(directory);
  const session = openSession(directory, world.servers, parsed, shell);
  const outcome = run(name, parsed, session, format, shell);
  vaultState.save(directory, world);
  return outcome;
}

function openSession(
  directory: string,
  servers: readonly VaultServer[],
  parsed: Parsed,
  shell: Shell,
): Session {
  const address = (flag(parsed, 'address') ?? shell.env.VAULT_ADDR ?? 'https://127.0.0.1:8200').replace(
    /\/+$/,
    '',
  );
  const server = servers.find((entry) => entry.address === address);
  const host = /^https?:\/\/([^:/]+)/.exec(address)?.[1] ?? '';
  const fault = faultOn(directory, faultModes, `vault-transit:${host}`, 'vault-transit');
  const file = join(shell.env.HOME ?? homedir(), '.vault-token');
  const stored = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const given = fault?.mode === 'no-credentials' ? '' : (shell.env.VAULT_TOKEN ?? stored);
  // A token that has expired is one that the server no longer knows.
  const token = fault?.mode === 'expired-sign-in' ? `${given}.expired` : given;
  const timeout = Number.parseInt(shell.env.VAULT_CLIENT_TIMEOUT ?? '60', 10);
  const namespace = (flag(parsed, 'namespace') ?? shell.env.VAULT_NAMESPACE ?? '').replace(/^\/+|\/+$/g, '');
  const caFile = flag(parsed, 'ca-cert') ?? shell.env.VAULT_CACERT;
  return { server, address, token, fault, timeout, namespace, caFile };
}

/** Sends one request, or ends with the error of Go's HTTP client. */
function send(session: Session, method: 'GET' | 'PUT' | 'DELETE', path: string, data: Data, doing: string) {
  const { server, fault, address, caFile } = session;
  const url = `${address}/v1/${path}`;
  const code = doing === 'checking seal status' ? 1 : 2;
  const host = /^https?:\/\/(.+)$/.exec(address)?.[1] ?? '';
  // The file of the world is on no disk; every other one is looked for.
  if (caFile !== undefined && caFile !== server?.caFile && !existsSync(caFile))
    throw new Exit(
      code,
      `failed to setup TLS config: Error loading CA File: open ${caFile}: no such file or directory\n`,
    );
  const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  if (server === undefined || fault?.mode === 'absent' || fault?.mode === 'unknown-host') {
    const name = host.replace(/:\d+$/, '');
    throw new Exit(code, `Error ${doing}: ${verb} "${url}": dial tcp: lookup ${name}: no such host\n`);
  }
  if (fault?.mode === 'refuse') {
    const ip = host.replace(/^[^:]+/, server.ip);
    throw new Exit(code, `Error ${doing}: ${verb} "${url}": dial tcp ${ip}: connect: connection refused\n`);
  }
  if (fault?.mode === 'hang') {
    hang(fault, session.timeout);
    throw new Exit(code, `Error ${doing}: context deadline exceeded\n`);
  }
  if (fault?.mode === 'unknown-authority' || caFile !== server.caFile)
    throw new Exit(
      code,
      `Error ${doing}: ${verb} "${url}": tls: failed to verify certificate: x509: certificate signed by unknown authority\n`,
    );
  if (fault?.mode === 'clock-skew')
    throw new Exit(code, `Error ${doing}: ${verb} "${url}": ${notYetValid()}\n`);
  try {
    if (fault?.mode === 'http-503') throw new VaultError(503, []);
    // By default no quota limits the paths that tell and change the seal.
    if (path === 'sys/seal-status') return { data: {} };
    if (fault?.mode === 'throttle')
      throw new VaultError(429, [`request path "${path}": rate limit quota exceeded`]);
    const decrypting = /\/decrypt\/[^/]+$/.test(path);
    if (fault?.mode === 'denied' && decrypting && !server.sealed) throw forbidden();
    const answer = callVault(server, method, session.namespace, path, session.token, data);
    if (decrypting && fault?.mode === 'tampered') throw undecipherable();
    if (decrypting && fault?.mode === 'wrong-shard') {
      return { data: { plaintext: Buffer.from(fault.plaintext ?? '').toString('base64') } };
    }
    return answer;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const body =
      error.errors.length === 0
        ? 'Raw Message:\n\nno healthy upstream'
        : `Errors:\n\n${error.errors.map((text) => `* ${text}`).join('')}`;
    const text = `Error making API request.\n\nURL: ${method} ${url}\nCode: ${error.status}. ${body}`;
    throw new Exit(code, `Error ${doing}: ${text}\n`);
  }
}

/** A client whose clock is slow takes a certificate of today for one of tomorrow (Go, crypto/x509). */
function notYetValid(): string {
  const time = (hours: number) => `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
  return `tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time ${time(-48)} is before ${time(-24)}`;
}

function run(name: string, parsed: Parsed, session: Session, format: string, shell: Shell): Outcome {
  const [first, ...pairs] = parsed.positional;
  const path = (first ?? '').trim().replace(/^\/+|\/+$/g, '');
  const field = flag(parsed, 'field');
  if (name === 'status') {
    if (first !== undefined) {
      throw new Exit(1, `Too many arguments (expected 0, got ${parsed.positional.length})\n`);
    }
    send(session, 'GET', 'sys/seal-status', {}, 'checking seal status');
    return status(session.server as VaultServer, format);
  }
  if (name === 'token revoke') {
    if (!given(parsed, 'self') || first !== undefined) throw new Exit(1, 'the stand-in knows only -self\n');
    send(session, 'PUT', 'auth/token/revoke-self', {}, 'revoking token');
    return { code: 0, stdout: 'Success! Revoked token (if it existed)\n', stderr: '' };
  }
  const least = name === 'delete' ? 'at least 1' : '1';
  if (first === undefined) throw new Exit(1, `Not enough arguments (expected ${least}, got 0)\n`);
  if (name === 'write' && pairs.length === 0 && !given(parsed, 'force') && !given(parsed, 'f')) {
    throw new Exit(1, 'Must supply data or use -force\n');
  }
  const data = keyValues(pairs, shell);
  if (name === 'read') {
    const answer = send(session, 'GET', path, data, `reading ${path}`);
    if (answer === undefined) throw new Exit(2, `No value found at ${path}\n`);
    return print(answer, field, format, shell);
  }
  const method = name === 'write' ? 'PUT' : 'DELETE';
  const doing = name === 'write' ? `writing data to ${path}` : `deleting ${path}`;
  const answer = send(session, method, path, data, doing);
  if (answer !== undefined) return print(answer, field, format, shell);
  const done = name === 'write' ? 'Data written to' : 'Data deleted (if it existed) at';
  return { code: 0, stdout: format === 'table' ? `Success! ${done}: ${path}\n` : '', stderr: '' };
}

/** `key=value`, `key=@file`, `key=-` for standard input; as the kv-builder of the real tool reads them. */
function keyValues(pairs: readonly string[], shell: Shell): Data {
  const data: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) {
      throw new Exit(
        1,
        `Failed to parse K=V data: invalid key/value pair "${pair}": format must be key=value\n`,
      );
    }
    const value = pair.slice(at + 1);
    if (value === '-') data[pair.slice(0, at)] = shell.stdin().toString('utf8');
    else if (value.startsWith('@')) {
      try {
        data[pair.slice(0, at)] = readFileSync(resolve(shell.cwd, value.slice(1)), 'utf8');
      } catch {
        throw new Exit(
          1,
          `Failed to parse K=V data: error reading file: open ${value.slice(1)}: no such file or directory\n`,
        );
      }
    } else data[pair.slice(0, at)] = value;
  }
  return data;
}
