/**
 * Addresses that an S3-compatible store takes without further credentials: signature version 4 in the query.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { createHash, createHmac } from 'node:crypto';

export interface S3Bucket {
  /** Such as `https://s3.eu-central-1.amazonaws.com`; objects are at `/bucket/key` below it. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** `now`: milliseconds since the epoch; `lifetimeS`: at most seven days. */
export function presign(
  bucket: S3Bucket,
  object: { readonly method: 'GET' | 'PUT' | 'DELETE'; readonly key: string },
  now: number,
  lifetimeS: number,
): string {
  const url = new URL(bucket.endpoint);
  const path = [...url.pathname.split('/'), bucket.bucket, ...object.key.split('/')]
    .filter((part) => part !== '')
    .map((part) => `/${escaped(decodeURIComponent(part))}`)
    .join('');
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${bucket.region}/s3/aws4_request`;
  const query = Object.entries({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${bucket.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(lifetimeS),
    'X-Amz-SignedHeaders': 'host',
  })
    .map(([name, value]) => `${name}=${escaped(value)}`)
    .join('&');
  const request = [object.method, path, query, `host:${url.host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
  const key = [day, bucket.region, 's3', 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${bucket.secretAccessKey}`),
  );
  return `${url.origin}${path}?${query}&X-Amz-Signature=${hmac(key, text).toString('hex')}`;
}

/** RFC 3986: all but the unreserved characters. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
