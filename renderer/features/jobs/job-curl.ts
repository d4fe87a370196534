/** A job as a command for a shell: the same request to the HTTP API. */
import type { GenerateRequest } from '../../../contract/job.ts';

/**
 * The body is a here-document with a quoted end mark: nothing in it is expanded, and no line of JSON can be the mark.
 */
export const toCurl = (apiUrl: string, request: GenerateRequest): string =>
  [
    `curl -sS '${apiUrl}/pdf/generate' \\`,
    `  -H "Authorization: Bearer $TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  --data-binary @- <<'REQUEST'`,
    JSON.stringify(request, null, 2),
    'REQUEST',
    '',
  ].join('\n');
