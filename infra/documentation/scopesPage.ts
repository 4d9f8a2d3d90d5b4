import type { OpenApiDocument } from '../../src/api/reference/openApiDocument.ts';
import { roles, roleTable } from '../../src/contracts/roles.ts';
import { scopes, scopeTable } from '../../src/contracts/scopes.ts';
import type { Scope } from '../../src/contracts/scopes.ts';
import { codeText, madePage, markdownTable } from './markdown.ts';

interface Operation {
  readonly summary?: string;
  readonly security?: readonly { readonly bearer?: readonly Scope[] }[];
  readonly 'x-further-scopes'?: readonly { readonly scope: Scope; readonly when: string }[];
}

const introduction = `What a caller may do is a set of scopes, given by name or by roles; every route declares the one that it needs. Who lacks it is refused with 403 [\`SCOPE_MISSING\`](errors.md), before anything of the request is read. How tokens and API keys come by scopes: [access](../guides/access.md).`;

/** `docs/reference/scopes.md`: scopes, roles, and which route needs which. */
export function scopesPage(document: OpenApiDocument): string {
  return madePage(
    'Scopes and roles',
    'src/contracts/scopes.ts, src/contracts/roles.ts and the routes in src/api',
    introduction,
    '## Roles',
    markdownTable(['Role', 'What for'], roles.map((role) => [codeText(role), roleTable[role].description])),
    '## Scopes',
    markdownTable(['Scope', 'Allows to', ...roles.map(codeText)], scopes.map((scope) => [codeText(scope), scopeTable[scope], ...roles.map((role) => mark(holds(role, scope)))])),
    '## Routes',
    markdownTable(['Route', 'Scope', 'Besides', ...roles.map(codeText)], routeRows(document)),
    'Routes outside `/v1`, and `POST /v1/webhooks/firecrawl`, which proves itself by a signature, need none.',
  );
}

function routeRows({ paths }: OpenApiDocument): string[][] {
  return Object.entries(paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations as Readonly<Record<string, Operation>>).flatMap(([method, operation]) => {
      const scope = operation.security?.[0]?.bearer?.[0];
      return scope === undefined ? [] : [[codeText(`${method.toUpperCase()} ${path}`), codeText(scope), furtherText(operation), ...roles.map((role) => mark(holds(role, scope)))]];
    }),
  );
}

function furtherText({ 'x-further-scopes': further = [] }: Operation): string {
  return further.map(({ scope, when }) => `${codeText(scope)} with ${codeText(when)}`).join('; ');
}

function holds(role: keyof typeof roleTable, scope: Scope): boolean {
  return (roleTable[role].scopes as readonly Scope[]).includes(scope);
}

const mark = (isHeld: boolean): string => (isHeld ? '✓' : '');
