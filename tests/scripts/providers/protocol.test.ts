/** The endpoints behind the real tools: checksums, signatures and every request that they must refuse. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { answerAws } from '../../../scripts/providers/real/aws-endpoint';
import { crc32c } from '../../../scripts/providers/real/crc32c';
import type { Request } from '../../../scripts/providers/real/endpoint';
import { accessToken } from '../../../scripts/providers/real/gcloud-account';
import { answerGcp } from '../../../scripts/providers/real/gcp-endpoint';
import { isSignedWith, scopeOf } from '../../../scripts/providers/real/signature';
import { missingForRealTools, realToolMeets } from '../../../scripts/providers/real/support';
import { makeSandbox } from './sandbox';

const sandbox = makeSandbox();
afterAll(sandbox.remove);

test('CRC-32C of RFC 3720 appendix B.4', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(ascending)).toBe(0x46dd794e);
  expect(crc32c(ascending.toReversed())).toBe(0x113fdb5c);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('CRC-32C agrees with a division bit by bit, and notices any one flipped bit', () => {
  const slow = (bytes: Uint8Array) => {
    let value = 0xffffffff;
    for (const byte of bytes) {
      for (let bit = 0; bit < 8; bit += 1) {
        const top = (value ^ (byte >>> bit)) & 1;
        value = (value >>> 1) ^ (top ? 0x82f63b78 : 0);
      }
    }
    return ~value >>> 0;
  };
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, where) => {
      expect(crc32c(bytes)).toBe(slow(bytes));
      const flipped = Uint8Array.from(bytes);
      const at = where % bytes.length;
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (where % 8));
      expect(crc32c(flipped)).not.toBe(crc32c(bytes));
    }),
  );
});

/** The published example of Signature Version 4 with nothing but a host and a date ("get-vanilla" and "post-vanilla"). */
const vanilla = (method: 'GET' | 'POST', signature: string): Request => ({
  host: 'example.amazonaws.com',
  method,
  url: new URL('https://example.amazonaws.com/'),
  headers: {
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  },
  body: '',
});
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const get = vanilla('GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
const post = vanilla('POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b');

test('Signature Version 4 of the published examples', () => {
  expect(scopeOf(get)).toEqual({ accessKeyId: 'AKIDEXAMPLE', region: 'us-east-1', service: 'service' });
  expect(isSignedWith(get, secret)).toBe(true);
  expect(isSignedWith(post, secret)).toBe(true);
});

test.each([
  ['another secret', get, 'x'],
  ['another method', { ...get, method: 'PUT' }, secret],
  ['another body', { ...get, body: '{}' }, secret],
  ['another date', { ...get, headers: { ...get.headers, 'x-amz-date': '20150830T123601Z' } }, secret],
  ['another host', { ...get, headers: { ...get.headers, host: 'other.amazonaws.com' } }, secret],
  [
    'another region',
    {
      ...get,
      headers: {
        ...get.headers,
        authorization: get.headers.authorization?.replace('us-east-1', 'us-west-2'),
      },
    },
    secret,
  ],
  ['no signature', { ...get, headers: { host: 'example.amazonaws.com' } }, secret],
])('a signature does not hold for %s', (_, request, key) => {
  expect(isSignedWith(request as Request, key)).toBe(false);
});

const kms = (headers: Readonly<Record<string, string>>): Request => ({
  host: 'kms.us-east-1.amazonaws.com',
  method: 'POST',
  url: new URL('https://kms.us-east-1.amazonaws.com/'),
  headers: { host: 'kms.us-east-1.amazonaws.com', 'x-amz-target': 'TrentService.ListAliases', ...headers },
  body: '{}',
});
const credential = (scope: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/${scope}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
});

test.each([
  ['that is not signed', {}, 'MissingAuthenticationTokenException'],
  ['that is signed for another region', credential('us-west-2/kms'), 'InvalidSignatureException'],
  ['that is signed for another service', credential('us-east-1/sts'), 'InvalidSignatureException'],
  ['of nobody', credential('us-east-1/kms'), 'UnrecognizedClientException'],
])('KMS refuses a request %s', (_, headers, code) => {
  const answer = answerAws(sandbox.world, kms(headers as Record<string, string>));
  expect(answer?.status).toBe(400);
  expect(JSON.parse(answer?.body ?? '')).toMatchObject({ __type: code });
});

test('STS refuses in its own form', () => {
  const sts = {
    ...kms(credential('us-east-1/sts')),
    host: 'sts.us-east-1.amazonaws.com',
    body: 'Action=GetCallerIdentity',
  };
  expect(answerAws(sandbox.world, sts)).toMatchObject({ status: 403, type: 'text/xml' });
});

const path = '/v1/projects/example-shards/locations/europe-west4/keyRings';
const gcp = (method: string, rest: string, body: unknown = '', token = accessToken): Request => ({
  host: 'cloudkms.googleapis.com',
  method,
  url: new URL(`https://cloudkms.googleapis.com${path}${rest}`),
  headers: { authorization: `Bearer ${token}` },
  body: body === '' ? '' : JSON.stringify(body),
});

test('Cloud KMS checks token, path, purpose and checksum', () => {
  const ask = (...words: Parameters<typeof gcp>) => {
    const answer = answerGcp(sandbox.world, gcp(...words), accessToken);
    return { status: answer?.status, body: JSON.parse(answer?.body ?? '{}') as Record<string, unknown> };
  };
  expect(ask('POST', '?keyRingId=ring', {}, 'other')).toMatchObject({ status: 401 });
  expect(ask('POST', '?keyRingId=ring', {})).toMatchObject({ status: 200 });
  expect(ask('POST', '?keyRingId=ring', {})).toMatchObject({ status: 409 });
  expect(ask('GET', '/ring/nothing')).toMatchObject({ status: 404 });
  expect(ask('POST', '/ring/cryptoKeys?cryptoKeyId=key', { purpose: 'ENCRYPT_DECRYPT' })).toMatchObject({
    status: 400,
  });
  const template = { algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256', protectionLevel: 'HSM' };
  const wanted = {
    purpose: 'ASYMMETRIC_DECRYPT',
    versionTemplate: template,
    destroyScheduledDuration: '2592000s',
  };
  expect(ask('POST', '/ring/cryptoKeys?cryptoKeyId=key', wanted)).toMatchObject({ status: 200 });
  const version = '/ring/cryptoKeys/key/cryptoKeyVersions/1';
  const key = ask('GET', `${version}/publicKey`).body;
  expect(key).toMatchObject({ algorithm: template.algorithm, protectionLevel: 'HSM' });
  expect(Number(key.pemCrc32c)).toBe(crc32c(Buffer.from(String(key.pem))));
  const noise = Buffer.alloc(256, 7);
  const sent = { ciphertext: noise.toString('base64') };
  const right = ask('POST', `${version}:asymmetricDecrypt`, {
    ...sent,
    ciphertextCrc32c: String(crc32c(noise)),
  });
  expect(right.body).toMatchObject({ error: { message: 'Decryption failed: the ciphertext is invalid.' } });
  const wrong = ask('POST', `${version}:asymmetricDecrypt`, { ...sent, ciphertextCrc32c: '1' });
  expect(wrong.body).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
  expect(JSON.stringify(wrong.body)).toContain('ciphertext_crc32c');
  expect(ask('POST', `${version}:restore`, {})).toMatchObject({ status: 400 });
  expect(ask('POST', `${version}:frob`, {})).toMatchObject({ status: 404 });
  expect(ask('PATCH', `${version}?updateMask=state`, { state: 'DISABLED' }).body).toMatchObject({
    state: 'DISABLED',
  });
});

test('says what real tools cannot show', () => {
  expect(realToolMeets('aws-kms:us-east-1', 'hang')).toBe(true);
  expect(realToolMeets('gcp-kms', 'hang')).toBe(false);
  expect(realToolMeets('pkcs11-hsm', 'pin-locked')).toBe(false);
  expect(realToolMeets('vault-transit', 'refuse')).toBe(false);
  expect(missingForRealTools().every((line) => line.includes(': '))).toBe(true);
});
