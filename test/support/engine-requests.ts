/** Builders of what a PdfEngine is asked to print. */
import { crc32, deflateSync } from 'node:zlib';
import type { Asset, AssetSource, PrintRequest, PrintSettings } from '../../core/pdf/engine.ts';

const A4_INCHES = { width: 210 / 25.4, height: 297 / 25.4 };

export function printSettings(changes: Partial<PrintSettings> = {}): PrintSettings {
  return {
    paper: A4_INCHES,
    preferCssPageSize: true,
    margins: { top: 0.4, right: 0.4, bottom: 0.4, left: 0.4 },
    scale: 1,
    pageRanges: '',
    headerHtml: undefined,
    footerHtml: undefined,
    background: true,
    tagged: false,
    outline: false,
    ...changes,
  };
}

type RequestChanges = Partial<Omit<PrintRequest, 'html' | 'settings' | 'assets'>> & {
  readonly settings?: Partial<PrintSettings>;
  readonly assets?: AssetSource | Readonly<Record<string, Asset>>;
};

export function printRequest(html: string, changes: RequestChanges = {}): PrintRequest {
  const { settings, assets = {}, ...rest } = changes;
  return {
    html,
    settings: printSettings(settings),
    assets: typeof assets === 'function' ? assets : (path) => assets[path],
    scripts: false,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...rest,
  };
}

export const svgAsset = (width: number, color = 'red'): Asset => ({
  mimeType: 'image/svg+xml',
  bytes: Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20"><rect width="${width}" height="20" fill="${color}"/></svg>`,
  ),
});

export const cssAsset = (css: string): Asset => ({ mimeType: 'text/css', bytes: Buffer.from(css) });

/** A one-bit black PNG; a few kilobytes even where it says that it is enormous. */
export function pngAsset(width: number, height: number, rows = height): Asset {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const pixels = Buffer.alloc(rows * (1 + Math.ceil(width / 8)));
  return {
    mimeType: 'image/png',
    bytes: Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      pngChunk('IHDR', header),
      pngChunk('IDAT', deflateSync(pixels)),
      pngChunk('IEND', Buffer.alloc(0)),
    ]),
  };
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** The whole of a printed document, however it comes. */
export async function wholePdf(pdf: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (pdf instanceof Uint8Array) return pdf;
  const parts: Uint8Array[] = [];
  for await (const part of pdf) parts.push(part);
  return Buffer.concat(parts);
}
