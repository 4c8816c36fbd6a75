/** How the Vault CLI prints: tables, JSON and single fields (Vault 1.15). */
import { Exit, type Outcome, type Shell } from '../exit';
import type { VaultServer } from './state';

/** The answer of `vault status`; exit code 2 where the server is sealed. */
export function status(server: VaultServer, format: string): Outcome {
  const code = server.sealed ? 2 : 0;
  if (format === 'json') {
    const fields = {
      type: 'shamir',
      initialized: true,
      sealed: server.sealed,
      t: 3,
      n: 5,
      progress: 0,
      nonce: '',
      version: '1.15.6',
      build_date: '2024-02-28T17:07:34Z',
      migration: false,
      recovery_seal: false,
      storage_type: 'raft',
      ha_enabled: true,
      active_time: '0001-01-01T00:00:00Z',
    };
    return { code, stdout: `${JSON.stringify(fields, null, 2)}\n`, stderr: '' };
  }
  const rows: [string, string][] = [
    ['Seal Type', 'shamir'],
    ['Initialized', 'true'],
    ['Sealed', String(server.sealed)],
    ['Total Shares', '5'],
    ['Threshold', '3'],
    ...(server.sealed
      ? ([
          ['Unseal Progress', '0/3'],
          ['Unseal Nonce', 'n/a'],
        ] as [string, string][])
      : []),
    ['Version', '1.15.6'],
    ['Build Date', '2024-02-28T17:07:34Z'],
    ['Storage Type', 'raft'],
    ...(server.sealed
      ? []
      : ([
          ['Cluster Name', 'vault-cluster-example'],
          ['Cluster ID', '00000000-0000-4000-8000-000000000001'],
        ] as [string, string][])),
    ['HA Enabled', 'true'],
    ...(server.sealed
      ? []
      : ([
          ['HA Cluster', server.address.replace(/:\d+$/, ':8201')],
          ['HA Mode', 'active'],
        ] as [string, string][])),
  ];
  return { code, stdout: table(rows), stderr: '' };
}

/** Two columns, four spaces apart, under a ruled header. */
function table(rows: readonly (readonly [string, string])[]): string {
  const all = [['Key', 'Value'] as const, ['---', '-----'] as const, ...rows];
  const width = Math.max(...all.map(([key]) => key.length)) + 4;
  return all
    .map(([key, value]) => `${key.padEnd(width)}${value}`.trimEnd())
    .join('\n')
    .concat('\n');
}

/** The answer of a read or write, or one field of it. */
export function print(
  answer: { readonly data: Record<string, unknown>; readonly warnings?: readonly string[] },
  field: string | undefined,
  format: string,
  shell: Shell,
): Outcome {
  const warnings = answer.warnings ?? [];
  const stderr =
    format === 'table' && warnings.length > 0 && field === undefined
      ? `WARNING! The following warnings were returned from Vault:\n\n${warnings.map((text) => `  * ${text}\n\n`).join('')}`
      : '';
  if (field !== undefined) {
    const value = answer.data[field];
    if (value === undefined) throw new Exit(1, `Field "${field}" not present in secret\n`);
    const text =
      format === 'json'
        ? JSON.stringify(value, null, 2)
        : `${goText(value)}${format === 'table' ? '' : '\n'}`;
    // The real client ends the line on a terminal only, so that files get the value alone.
    return { code: 0, stdout: shell.stdoutIsTerminal ? `${text}\n` : text, stderr };
  }
  if (format !== 'table') {
    const secret = {
      request_id: '00000000-0000-4000-8000-000000000002',
      lease_id: '',
      lease_duration: 0,
      renewable: false,
      data: answer.data,
      warnings: warnings.length > 0 ? warnings : null,
    };
    return { code: 0, stdout: `${JSON.stringify(secret, null, 2)}\n`, stderr };
  }
  const rows = Object.entries(answer.data)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, key.endsWith('_period') ? '0s' : goText(value)] as const);
  return { code: 0, stdout: table(rows), stderr };
}

/** What Go's `%v` makes of a value: maps are `map[a:1 b:2]`, keys in order. */
function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([name, member]) => `${name}:${goText(member)}`).join(' ')}]`;
}
