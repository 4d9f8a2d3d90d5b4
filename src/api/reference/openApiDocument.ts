import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { errorTable } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { problemSchema } from '../../contracts/problem.ts';
import { problemMediaType } from '../problems/problemOf.ts';
import type { Answer, Proof, Route, Tag } from '../route.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

const tagDescriptions: Record<Tag, string> = {
  Ingestion: 'Bring documents in: upload files, then ingest them, or ingest text and web pages directly.',
  Jobs: 'Watch what becomes of an ingestion request, and steer it.',
  'Dead letters': 'Documents that failed for good, and how to try them again.',
  Sources: 'Websites, sitemaps, feeds, pages and buckets that are read again and again.',
  Documents: 'What is in the index, and how it came there.',
  Deletion: 'Remove documents from search, stores and registry, with a receipt.',
  Retention: 'How long what is no longer needed is kept, and its removal.',
  Vault: 'Redacted personal data that can be brought back.',
  Consistency: 'Whether registry, artifacts and index say the same, and mending where they do not.',
  Index: 'The index as a whole, of all tenants, for those who run the platform: generations, and changes under live traffic.',
  Search: 'Find passages.',
  Keys: 'API keys: long-lived credentials of programs, with scopes of their own.',
  Tenants: 'For the operator of the platform: create, limit, suspend, export and delete tenants.',
  Audit: 'Who did what, in a log that cannot be changed unseen.',
  Usage: 'What the tenant used, and what it cost.',
  Operations: 'For those who keep the platform running, across tenants.',
  Webhooks: 'For services that tell of work they do for a job; they prove themselves by a signature.',
  Health: 'For operators and orchestrators; no token needed.',
  Reference: 'This reference.',
};

/** OpenAPI 3.1 of the routes, from the schemas that validate their requests. */
export function createOpenApiDocument(routes: readonly Route[]): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Catalyst Index',
      version: '1',
      description:
        'Turns web pages and files into a searchable, citable knowledge index, for many tenants, and keeps it true.\n\n' +
        'Every resource below `/v1` needs a bearer token (JWT) whose `tenant` claim scopes all reads and writes, or an API key in its place, and the scope that stands with the operation. ' +
        'Every failure is answered as problem details (RFC 9457) with a stable `code` and a `remedy`; see [all codes](/docs/errors).',
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tagDescriptions).map(([name, description]) => ({ name, description })),
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A JWT (claims iss, aud, exp, sub, tenant; roles or scope; optionally policies) or an API key. The scope that an operation needs stands in its security requirement.' }, signature: { type: 'apiKey', in: 'header', name: 'X-Firecrawl-Signature', description: 'HMAC-SHA256 of the raw body by the signing secret of the account.' } } },
  });
}

export function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { documentation, parameters, query } = route;
  const { operationId, tag, summary, description, requestBody, headers } = documentation;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(route),
    ...(route.furtherScopes.length === 0 ? {} : { 'x-further-scopes': route.furtherScopes.map(({ scope, when }) => ({ scope, when })) }),
    requestParams: {
      ...(parameters === undefined ? {} : { path: parameters }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { header: headers }),
    },
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { ...answersOf(documentation.answers), ...problemsByStatus(failuresOf(route)) },
  };
}

function securityOf(route: Route): Record<string, string[]>[] {
  const proof = proofOf(route);
  if (proof === undefined) return [];
  return proof === 'signature' ? [{ signature: [] }] : [{ bearer: route.scope === null ? [] : [route.scope] }];
}

function proofOf(route: Route): Proof | undefined {
  return route.documentation.proof ?? (route.path.startsWith('/v1/') ? 'token' : undefined);
}

function answersOf(answers: Readonly<Record<number, Answer>>): Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, mediaType, headers, example }]) => [
      status,
      {
        description,
        ...(headers === undefined ? {} : { headers }),
        ...(schema === undefined ? {} : { content: { [mediaType ?? 'application/json']: { schema, ...(example === undefined ? {} : { example }) } } }),
      },
    ]),
  );
}

/** The route's own failures, and those that come with what it takes. */
function failuresOf(route: Route): ErrorCode[] {
  const { failures = [], requestBody } = route.documentation;
  const takesInput = route.parameters !== undefined || route.query !== undefined;
  const takesJson = requestBody?.content['application/json'] !== undefined;
  return [
    ...new Set<ErrorCode>([
      ...failures,
      ...(takesInput || takesJson ? (['INVALID_REQUEST'] as const) : []),
      ...(takesJson ? (['INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
      ...(route.isAudited ? (['REGISTRY_UNAVAILABLE', 'AUDIT_UNAVAILABLE'] as const) : []),
      ...(route.scope?.startsWith('search:') === true ? (['SEARCH_QUOTA_EXHAUSTED'] as const) : []),
      ...(proofOf(route) === 'token' ? (['UNAUTHENTICATED', 'SCOPE_MISSING', 'TENANT_SUSPENDED', 'TENANT_DELETED', 'TENANT_UNKNOWN', 'RATE_LIMITED', 'AUTHENTICATION_UNAVAILABLE', 'STARTING', 'INTERNAL'] as const) : []),
    ]),
  ];
}

const rateHeaders = z.object({
  'Retry-After': z.string().meta({ description: 'Seconds.' }),
  'RateLimit-Policy': z.string().optional().meta({ description: 'Quota (q) and window in seconds (w) of each limit that counts.', example: '"tenant-search";q=600;w=60' }),
  RateLimit: z.string().optional().meta({ description: 'What is left (r), and seconds until the window ends (t).', example: '"tenant-search";r=0;t=12' }),
});

function problemsByStatus(codes: readonly ErrorCode[]): Record<`${1 | 2 | 3 | 4 | 5}${string}`, ZodOpenApiResponseObject> {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${errorTable[code].title}.`).join('\n\n'),
        content: { [problemMediaType]: { schema: problemSchema } },
        ...(status === 401 ? { headers: z.object({ 'WWW-Authenticate': z.string() }) } : {}),
        ...(status === 429 ? { headers: rateHeaders } : {}),
        ...(status === 503 ? { headers: z.object({ 'Retry-After': z.string().optional().meta({ description: 'Seconds.' }) }) } : {}),
      },
    ]),
  );
}
