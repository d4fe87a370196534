/** Gives a file to the browser's own way of saving. `bytes` stay with the caller. */
export function saveFile(filename: string, bytes: Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  // The download has taken hold of it by the time that this runs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
