import type { Scope } from '../../../contract/access.ts';

/** What a client may do, as a person says it. */
export const SCOPE_TEXTS: Record<Scope, { readonly name: string; readonly help: string }> = {
  pdf: { name: 'Generate documents', help: 'and see and fetch its own' },
  'templates.read': { name: 'Read templates', help: 'list and export the library' },
  'templates.write': { name: 'Change templates', help: 'import and delete' },
  admin: { name: 'Administer', help: 'see the jobs of all clients and manage clients' },
};

/** As the API gives when a client asks for nothing else. */
export const USUAL_SCOPES: readonly Scope[] = ['pdf', 'templates.read', 'templates.write'];
