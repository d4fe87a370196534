/** Hands bytes to the person as a file. */
export function saveAsFile(filename: string, bytes: Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  // The browser has taken hold of the bytes when the click returns; the address may go.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
