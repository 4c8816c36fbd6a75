/** Checks AWS Signature Version 4 of a request: region and service in the scope, and the signature itself. */
import { createHash, createHmac } from 'node:crypto';
import type { Request } from './endpoint';

export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** Scope of a signed request, or undefined where it is not signed. */
export function scopeOf(request: Request): Scope | undefined {
  const match = authorization.exec(request.headers.authorization ?? '');
  if (match === null) return undefined;
  const [, accessKeyId = '', , region = '', service = ''] = match;
  return { accessKeyId, region, service };
}

/** When the client says that it signed, by its own clock (`20261124T031500Z`). */
export function signedAt(request: Request): Date {
  const text = String(request.headers['x-amz-date'] ?? '');
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}

/** True where the request was signed with `secret` (requests without query parameters, as KMS and STS get them). */
export function isSignedWith(request: Request, secret: string): boolean {
  const match = authorization.exec(request.headers.authorization ?? '');
  if (match === null) return false;
  const [, , date = '', region = '', service = '', names = '', signature] = match;
  const headers = names
    .split(';')
    .map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}\n`,
    )
    .join('');
  const canonical = [request.method, '/', '', headers, names, sha256(request.body)].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${secret}`, date));
  return hmac(key, text).toString('hex') === signature;
}
