/**
 * The manifest with another name and everything else as it was; undefined when it has that name or is not a manifest that
 * can be read. `bytes`: undefined when there is none.
 */
export function withName(bytes: Uint8Array | undefined, name: string): string | undefined {
  const manifest = bytes === undefined ? {} : parseObject(new TextDecoder().decode(bytes));
  if (!manifest || manifest['name'] === name) return undefined;
  return `${JSON.stringify({ ...manifest, name }, undefined, 2)}\n`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
