/** Addresses that open one thing, for one method, until a time, to whoever has them. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedUrls {
  /** Path and query for a method; `expires` in milliseconds since the epoch of this host's clock. */
  sign(method: string, path: string, expires: number): string;
  /** Whether this host signed exactly that, and its time has not come. */
  verify(method: string, path: string, query: URLSearchParams, now: number): boolean;
}

/** `secret`: at least 32 bytes. */
export function createSignedUrls(secret: Uint8Array): SignedUrls {
  const valueOf = (method: string, path: string, expires: string): Buffer =>
    createHmac('sha256', secret).update(`${method}\n${path}\n${expires}`).digest();
  return {
    sign(method, path, expires) {
      const seconds = String(Math.ceil(expires / 1000));
      const signature = valueOf(method, path, seconds).toString('base64url');
      return `${path}?expires=${seconds}&signature=${signature}`;
    },
    verify(method, path, query, now) {
      const expires = query.get('expires') ?? '';
      if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1000 <= now) return false;
      const given = Buffer.from(query.get('signature') ?? '', 'base64url');
      const wanted = valueOf(method, path, expires);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
