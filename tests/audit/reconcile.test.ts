/** The providers' own logs against the trail: entries in the shapes of the vendors' documentation, each direction, and every entry taken away once. */
import { describe, expect, it } from 'vitest';
import { parsePeriod } from '../../src/audit/period';
import { readProviderLog } from '../../src/audit/provider-logs/read';
import { type ReconcileInput, reconcile, type TrailRecord } from '../../src/audit/reconcile';

const arn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
/** AWS KMS Developer Guide, "Decrypt"; the plaintext and ciphertext never stand in it. */
const aws = (changes: object = {}) => ({
  eventVersion: '1.11',
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/masterkey-recovery/ines',
  },
  eventTime: '2026-11-23T09:30:00Z',
  eventSource: 'kms.amazonaws.com',
  eventName: 'Decrypt',
  awsRegion: 'us-east-1',
  sourceIPAddress: '192.0.2.0',
  requestParameters: { encryptionAlgorithm: 'RSAES_OAEP_SHA_256', keyId: arn },
  responseElements: null,
  requestID: '5f1c2d3e-0000-4000-8000-00000000000c',
  eventID: '91235988-eb87-476a-ac2c-0cdc244e6dca',
  readOnly: true,
  resources: [{ accountId: '111122223333', type: 'AWS::KMS::Key', ARN: arn }],
  eventType: 'AwsApiCall',
  managementEvent: true,
  ...changes,
});
/** Google Cloud, "Cloud Key Management Service audit logging", and LogEntry. */
const google = (method = 'AsymmetricDecrypt', changes: object = {}) => ({
  insertId: '1w2x3y4z',
  logName: 'projects/example/logs/cloudaudit.googleapis.com%2Fdata_access',
  timestamp: '2026-11-23T09:40:00.123456Z',
  severity: 'INFO',
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    serviceName: 'cloudkms.googleapis.com',
    methodName: method,
    resourceName:
      'projects/example/locations/europe-west3/keyRings/masterkey/cryptoKeys/shard-2/cryptoKeyVersions/1',
    status: {},
  },
  ...changes,
});
/** Microsoft, "Azure Key Vault logging". */
const azure = (operationName = 'KeyDecrypt', resultType = 'Success') => ({
  time: '2026-11-23T09:50:00.2691226Z',
  resourceId: '/SUBSCRIPTIONS/X/RESOURCEGROUPS/Y/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/MASTERKEY',
  operationName,
  operationVersion: '7.4',
  category: 'AuditEvent',
  resultType,
  resultSignature: 'OK',
  durationMs: '78',
  correlationId: 'corr-3',
  properties: { id: 'https://masterkey.vault.azure.net/keys/shard-3/0123', httpStatusCode: 200 },
});
/** HashiCorp, "Audit log entry schema". */
const vault = (type: string, path = 'transit/decrypt/shard-4', changes: object = {}) => ({
  time: '2026-11-23T10:00:00.292517Z',
  type,
  auth: { display_name: 'ines', policies: ['masterkey-recovery'] },
  request: { id: 'vault-req-4', operation: 'update', path, mount_type: 'transit' },
  ...changes,
});
const lines = (...entries: object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
/** PostgreSQL, the default `log_line_prefix` and `log_statement = 'all'`. */
const postgres = [
  '2026-11-23 09:25:00.001 UTC [4711] LOG:  database system is ready to accept connections',
  "2026-11-23 09:29:00.500 UTC [4712] LOG:  statement: SELECT encode(ciphertext, 'base64') FROM shard_current",
  '\tWHERE shard = 1;',
  '2026-11-23 10:05:00.500 UTC [4712] LOG:  statement: INSERT INTO shard_registry (key_name)',
  '\tSELECT key_name FROM shard_current;',
  '2026-11-23 10:06:00.500 UTC [4712] LOG:  statement: SELECT 1;',
  '',
].join('\n');

const texts: Readonly<Record<string, string>> = {
  aws: JSON.stringify({ Records: [aws(), aws({ eventName: 'DescribeKey' })] }),
  google: JSON.stringify([google(), google('GetPublicKey')]),
  azure: JSON.stringify({ records: [azure(), azure('VaultGet')] }),
  vault: lines(vault('request'), vault('response'), vault('response', 'sys/health')),
  postgres,
};
const logs = Object.entries(texts).map(([name, text]) => readProviderLog(text, `${name}.log`));

const record = (sequence: number, time: string, changes: Partial<TrailRecord>): TrailRecord => ({
  sequence,
  time: `2026-11-23T${time}.000Z`,
  action: 'shard.unwrapped',
  outcome: 'ok',
  provider: undefined,
  requestId: undefined,
  step: undefined,
  ...changes,
});
const records: TrailRecord[] = [
  record(1, '09:29:05', { action: 'registry.read', step: 'UNS-S1-01' }),
  record(2, '09:30:02', { provider: 'aws-kms us-east-1', requestId: aws().requestID, step: 'UNS-S1-03' }),
  record(3, '09:40:30', { provider: 'gcp-kms europe-west3' }),
  record(4, '09:49:10', { provider: 'azure-key-vault masterkey' }),
  record(5, '10:00:00', { provider: 'vault-transit vault.example', requestId: 'vault-req-4' }),
  record(6, '10:05:30', { action: 'registry.added' }),
];
const whole: ReconcileInput = {
  logs,
  records,
  period: { name: 'a day', from: '2026-11-23', to: '2026-11-23' },
  tolerance: 15 * 60_000,
  keys: [],
  left: [],
};

describe('an export', () => {
  it.each([
    ['aws', 'aws-kms', ['unwrap']],
    ['google', 'gcp-kms', ['unwrap']],
    ['azure', 'azure-key-vault', ['unwrap']],
    ['vault', 'vault-transit', ['unwrap']],
    ['postgres', 'postgresql', ['read', 'write']],
  ])('of %s is told by its members', (name, provider, uses) => {
    const log = readProviderLog(texts[name] ?? '', 'x');
    expect(log.unknown).toEqual([]);
    expect([...log.days.keys()]).toEqual([provider]);
    expect(log.uses.map(({ use }) => use)).toEqual(uses);
  });

  it('is read in the other forms in which the tools print it', () => {
    const event = { Events: [{ EventId: 'x', CloudTrailEvent: JSON.stringify(aws()) }] };
    expect(readProviderLog(JSON.stringify(event), 'x').uses).toHaveLength(1);
    expect(readProviderLog(lines(aws(), aws()), 'x').uses).toHaveLength(2);
    expect(readProviderLog(lines(google()), 'x').uses).toHaveLength(1);
    const json = {
      timestamp: '2026-11-23 09:29:00.500 UTC',
      error_severity: 'LOG',
      message: 'statement: SELECT * FROM shard_registry',
    };
    expect(readProviderLog(lines(json), 'x').uses[0]).toMatchObject({
      use: 'read',
      time: '2026-11-23T09:29:00.500Z',
    });
    expect(readProviderLog(lines(aws({ eventName: 'ReEncrypt' })), 'x').uses).toHaveLength(1);
    expect(readProviderLog(lines(azure('KeyUnwrap')), 'x').uses).toHaveLength(1);
  });

  it('tells a refusal from a use', () => {
    const ok = (text: string) => readProviderLog(text, 'x').uses.map((use) => use.ok);
    expect(ok(lines(aws({ errorCode: 'AccessDenied' })))).toEqual([false]);
    const denied = google();
    expect(ok(lines({ ...denied, protoPayload: { ...denied.protoPayload, status: { code: 7 } } }))).toEqual([
      false,
    ]);
    expect(ok(lines(azure('KeyDecrypt', 'Failure')))).toEqual([false]);
    expect(ok(lines(vault('response', undefined, { error: 'permission denied' })))).toEqual([false]);
  });

  it.each([
    '{}',
    '[{"a":1}]',
    'nonsense\n',
    '"x"',
    'null',
    lines({ type: 'response' }),
    '{"Records":[{"eventSource":"s3.amazonaws.com"}]}',
    lines(aws({ eventTime: 'soon' })),
  ])('with %s is a finding, not a silence', (text) => {
    expect(readProviderLog(text, 'x').unknown).toHaveLength(1);
    const { standing, findings } = reconcile({ ...whole, logs: [...logs, readProviderLog(text, 'x')] });
    expect(standing).toBe('FAILED');
    expect(findings[0]).toContain('an entry that is not understood');
  });
});

describe('logs and trail', () => {
  it('that agree are verified', () => {
    const { standing, lines: said } = reconcile(whole);
    expect(said).toEqual(['VERIFIED: 6 uses in the logs, 6 records, 6 matched.']);
    expect(standing).toBe('VERIFIED');
  });

  it.each(records.map((one) => [one.sequence, one.action, one] as const))(
    'tell an entry whose record %i (%s) is missing',
    (_sequence, _action, gone) => {
      const { standing, findings } = reconcile({ ...whole, records: records.filter((one) => one !== gone) });
      expect(standing).toBe('FAILED');
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatch(/^\w+\.log.*has no record in the trail$/);
    },
  );

  it.each(logs.flatMap((log, place) => log.uses.map((use) => [use.place, use, place] as const)))(
    'tell a record whose entry %s is missing',
    (_place, gone, place) => {
      const less = logs.map((log, index) =>
        index === place ? { ...log, uses: log.uses.filter((use) => use !== gone) } : log,
      );
      const { standing, findings } = reconcile({ ...whole, logs: less });
      expect(standing).toBe('FAILED');
      expect(findings).toEqual([expect.stringMatching(/^record \d: .* has no entry in the log of /)]);
    },
  );

  it('count each record once, and tie by request id before time', () => {
    const twice = readProviderLog(
      lines(aws(), aws({ requestID: 'other', eventTime: '2026-11-23T09:30:01Z' })),
      'aws.log',
    );
    const { findings } = reconcile({ ...whole, logs: logs.with(0, twice) });
    expect(findings).toEqual([expect.stringContaining('aws.log:2: unwrap of')]);
  });

  it('do not take a record of success for a refusal, of another provider, or from too far away', () => {
    const refused = readProviderLog(lines(aws({ errorCode: 'AccessDenied' })), 'aws.log');
    expect(reconcile({ ...whole, logs: logs.with(0, refused) }).findings).toHaveLength(2);
    const moved = records.with(2, record(3, '09:40:30', { provider: 'aws-kms us-east-1' }));
    expect(reconcile({ ...whole, records: moved }).findings).toHaveLength(2);
    const late = records.with(3, record(4, '10:10:10', { provider: 'azure-key-vault masterkey' }));
    expect(reconcile({ ...whole, records: late }).findings).toHaveLength(2);
  });

  it('are no pass with a log, a period or days missing', () => {
    const less = reconcile({ ...whole, logs: logs.slice(0, 4), records });
    expect(less.standing).toBe('UNVERIFIABLE');
    expect(less.unchecked).toEqual(['Not checked: 2 records of postgresql, because no log of it was given.']);
    expect(reconcile({ ...whole, period: undefined }).standing).toBe('UNVERIFIABLE');
    const month = reconcile({ ...whole, period: parsePeriod('2026-11') });
    expect(month.standing).toBe('UNVERIFIABLE');
    expect(month.unchecked[0]).toContain('aws-kms on 2026-11-01, 2026-11-02');
    expect(reconcile({ ...whole, logs: [], records: [] }).standing).toBe('UNVERIFIABLE');
    expect(reconcile({ ...whole, left: ['Not checked: x.'] }).standing).toBe('UNVERIFIABLE');
  });

  it('leave out unwraps with other keys when ours are named, and nothing else', () => {
    const foreign = readProviderLog(
      lines(aws({ requestID: 'z', resources: [{ ARN: 'arn:aws:kms:x:1:key/other' }] }), aws()),
      'aws.log',
    );
    const both = { ...whole, logs: logs.with(0, foreign) };
    expect(reconcile(both).findings).toHaveLength(1);
    const keys = ['1234abcd', 'shard-2', 'shard-3', 'shard-4'];
    expect(reconcile({ ...both, keys }).standing).toBe('VERIFIED');
  });
});
