/** `CN` of a subject such as `CN=Mara Lind,O=Nordlicht` (RFC 4514); the whole text when it has none. */
export function commonName(subject: string): string {
  const name = /(?:^|[,+])\s*CN=((?:\\.|[^,+\\])*)/i.exec(subject)?.[1];
  return name === undefined ? subject : name.replace(/\\([ "#+,;<=>\\])/g, '$1');
}
