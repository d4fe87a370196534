/** The `assets` of a request: files by relative path, in base64. */
import type { Asset, AssetSource } from '../pdf/engine.ts';
import { mimeTypeOf } from './library/mime-types.ts';
import { InfluxionError } from '../error.ts';

const PARTIAL = /^partials\/(.+)\.(?:hbs|handlebars|html)$/;

export interface RequestAssets {
  readonly source: AssetSource;
  /** From `partials/NAME.hbs`, by name. */
  readonly partials: Readonly<Record<string, string>>;
}

/** Images and fonts are decoded when the page asks for them; partials at once, because the template needs their text. */
export function assetsFromRequest(
  record: Readonly<Record<string, string>> | null | undefined,
): RequestAssets {
  const decoded = new Map<string, Asset>();
  const partials = Object.create(null) as Record<string, string>;
  for (const [path, base64] of Object.entries(record ?? {})) {
    const name = PARTIAL.exec(path)?.[1];
    if (name !== undefined) partials[name] = textOf(path, base64);
  }
  return {
    partials,
    source: (path) => {
      const known = decoded.get(path);
      if (known || !record || PARTIAL.test(path)) return known;
      const base64 = Object.hasOwn(record, path) ? record[path] : undefined;
      if (base64 === undefined) return undefined;
      const asset = { bytes: Buffer.from(base64, 'base64'), mimeType: mimeTypeOf(path) };
      decoded.set(path, asset);
      return asset;
    },
  };
}

function textOf(path: string, base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch (error) {
    throw new InfluxionError(
      'VALIDATION_FAILED',
      `The partial "${path}" is not a text.`,
      { errors: [{ path: `assets.${path}`, message: 'Must be UTF-8 text in base64' }] },
      error,
    );
  }
}
