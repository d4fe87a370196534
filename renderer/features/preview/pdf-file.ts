/** The PDF that is shown, given to the person. */

/** Long enough for a slow disk or a tab that opens; the memory is freed then. */
const KEEP_MS = 60_000;

function urlOf(bytes: Uint8Array): string {
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: 'application/pdf' }));
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
  return url;
}

export function savePdf(bytes: Uint8Array, name: string): void {
  const link = document.createElement('a');
  link.href = urlOf(bytes);
  link.download = name;
  link.click();
}

export function openInTab(bytes: Uint8Array): void {
  window.open(urlOf(bytes), '_blank', 'noopener');
}
