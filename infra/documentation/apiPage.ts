import type { OpenApiDocument } from '../../src/api/reference/openApiDocument.ts';
import { codeText, madePage, markdownTable } from './markdown.ts';

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

interface Endpoint extends Operation {
  readonly method: string;
  readonly path: string;
}

const introduction = `The whole of it, with every field: [openapi.json](openapi.json) (OpenAPI 3.1), which a running API serves at \`/openapi.json\`, with a readable page at \`/docs\`. Every route below \`/v1\` needs \`Authorization: Bearer TOKEN\` with a JWT or an API key ([access](../guides/access.md)), and a [scope](scopes.md). Failures are problem details with one of the [error codes](errors.md); a request for something of another tenant is answered as one for something that does not exist.`;

/** `docs/reference/api.md`: a compact table of the routes. */
export function apiPage(document: OpenApiDocument): string {
  const endpoints = endpointsOf(document);
  const parts = (document.tags ?? []).flatMap(({ name, description }) => {
    const own = endpoints.filter(({ tags }) => tags?.includes(name));
    return own.length === 0 ? [] : [`## ${name}`, description ?? '', routesTable(own), ...own.flatMap(descriptionOf)];
  });
  return madePage('HTTP API', 'the routes in src/api', introduction, ...parts);
}

function endpointsOf({ paths }: OpenApiDocument): Endpoint[] {
  return Object.entries(paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations as Readonly<Record<string, Operation>>).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

function routesTable(endpoints: readonly Endpoint[]): string {
  const rows = endpoints.map((endpoint) => [
    codeText(`${endpoint.method} ${endpoint.path}`),
    (endpoint.security?.length ?? 0) > 0 ? 'yes' : 'no',
    endpoint.summary ?? '',
    statuses(endpoint, (status) => status < 400),
    failureCodes(endpoint),
  ]);
  return markdownTable(['Route', 'Token', 'What it does', 'Answers', 'Failures'], rows);
}

function descriptionOf({ method, path, description }: Endpoint): string[] {
  return description === undefined ? [] : [`**${codeText(`${method} ${path}`)}**: ${description}`];
}

function statuses({ responses = {} }: Operation, isWanted: (status: number) => boolean): string {
  return Object.keys(responses).filter((status) => isWanted(Number(status))).join(', ');
}

/** The descriptions of failures name their codes: `CODE`: Meaning. */
function failureCodes({ responses = {} }: Operation): string {
  const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400);
  const texts = failures.map(([status, { description = '' }]) => {
    const codes = [...description.matchAll(/`([A-Z_]+)`:/g)].map(([, code]) => codeText(code ?? ''));
    return codes.length === 0 ? status : `${status} ${codes.join(' ')}`;
  });
  return texts.join('; ') || '–';
}
