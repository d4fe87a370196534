/** The cookie of a studio session (RFC 6265). */

/** Browsers keep no cookies apart by port, and two hosts may run on one computer, so the name says the port. */
const nameOf = (host: string | undefined): string => {
  const port = /:(\d{1,5})$/.exec(host ?? '')?.[1];
  return `influxion_studio_${port ?? '80'}`;
};

/** `Set-Cookie`: for this page alone (SameSite=Strict), out of reach of scripts, gone with the browser. */
export function sessionCookie(host: string | undefined, session: string): string {
  return `${nameOf(host)}=${session}; Path=/; HttpOnly; SameSite=Strict`;
}

/** The values of the session cookie that a request carries; a browser sends one. */
export function sessionsOf(cookie: string | undefined, host: string | undefined): string[] {
  const name = nameOf(host);
  return (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
