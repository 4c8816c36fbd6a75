/**
 * Entries of the clouds' own logs: AWS CloudTrail (record contents of KMS), Google Cloud audit logs (`protoPayload` of
 * cloudkms.googleapis.com) and Azure Key Vault (category AuditEvent). Member names are those of the vendors' documentation.
 */
import { at, type Fields, isoOf, type ReadEntry, textOf } from './entry';

/** Operations that open what was wrapped; `ReEncrypt` opens it inside. */
const OPENS: Readonly<Record<string, RegExp>> = {
  aws: /^(?:Decrypt|ReEncrypt)$/,
  gcp: /^(?:AsymmetricDecrypt|Decrypt|RawDecrypt)$/,
  azure: /^(?:KeyDecrypt|KeyUnwrap)$/,
};

export function readCloudTrail(entry: Fields, place: string): ReadEntry {
  if (textOf(entry.eventSource) !== 'kms.amazonaws.com') return undefined;
  const time = isoOf(textOf(entry.eventTime));
  const name = textOf(entry.eventName);
  if (time === undefined || name === '') return undefined;
  if (!OPENS.aws?.test(name)) return { provider: 'aws-kms', other: time };
  return {
    provider: 'aws-kms',
    use: 'unwrap',
    time,
    ok: entry.errorCode === undefined,
    key: textOf(at(entry, 'resources', 0, 'ARN')) || textOf(at(entry, 'requestParameters', 'keyId')),
    requestId: textOf(entry.requestID),
    place,
  };
}

export function readGoogle(entry: Fields, place: string): ReadEntry {
  const payload = entry.protoPayload;
  if (textOf(at(payload, 'serviceName')) !== 'cloudkms.googleapis.com') return undefined;
  const time = isoOf(textOf(entry.timestamp));
  const method = textOf(at(payload, 'methodName')).split('.').at(-1) ?? '';
  if (time === undefined || method === '') return undefined;
  if (!OPENS.gcp?.test(method)) return { provider: 'gcp-kms', other: time };
  const code = at(payload, 'status', 'code');
  return {
    provider: 'gcp-kms',
    use: 'unwrap',
    time,
    ok: code === undefined || code === 0,
    key: textOf(at(payload, 'resourceName')),
    requestId: textOf(entry.insertId),
    place,
  };
}

export function readAzure(entry: Fields, place: string): ReadEntry {
  if (textOf(entry.category) !== 'AuditEvent') return undefined;
  const time = isoOf(textOf(entry.time));
  const name = textOf(entry.operationName);
  if (time === undefined || name === '') return undefined;
  if (!OPENS.azure?.test(name)) return { provider: 'azure-key-vault', other: time };
  return {
    provider: 'azure-key-vault',
    use: 'unwrap',
    time,
    ok: textOf(entry.resultType) === 'Success',
    key: textOf(at(entry, 'properties', 'id')) || textOf(at(entry, 'properties', 'requestUri')),
    requestId: textOf(entry.correlationId),
    place,
  };
}
