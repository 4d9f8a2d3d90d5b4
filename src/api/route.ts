import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { z } from 'zod';
import type { ZodOpenApiHeadersObject, ZodOpenApiRequestBodyObject } from 'zod-openapi';
import type { ErrorCode } from '../contracts/errors.ts';
import { idempotencyHeader, idempotencyKeySchema } from '../contracts/idempotency.ts';
import type { RateClass } from '../contracts/rateLimits.ts';
import type { Scope } from '../contracts/scopes.ts';
import { beginAudit, openAudit } from './audit/auditedRequest.ts';
import type { OnceOptions } from './callerRuleTypes.ts';
import { createBodyArrival, createJsonBody } from './middleware/jsonBody.ts';
import type { RequestGate } from './overload/requestGate.ts';
import { createMethodNotAllowed } from './middleware/unmatched.ts';
import { contextOf } from './requestContext.ts';
import { parseInput, principalOfRequest } from './parseInput.ts';
import { rateClassOf } from './rateLimits/rateClassOf.ts';
import { requireScope } from './requireScope.ts';

/** What proves the sender: a bearer token, or a signature of the body. */
export type Proof = 'token' | 'signature';

export type Tag = 'Ingestion' | 'Jobs' | 'Dead letters' | 'Sources' | 'Documents' | 'Deletion' | 'Retention' | 'Consistency' | 'Index' | 'Search' | 'Keys' | 'Audit' | 'Tenants' | 'Vault' | 'Usage' | 'Operations' | 'Webhooks' | 'Health' | 'Reference';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Most routes take a few fields; those that take documents read their own body. */
const maximumBodyBytes = 4 * 1024 ** 2;

export interface Answer {
  readonly description: string;
  readonly mediaType?: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  readonly headers?: ZodOpenApiHeadersObject;
}

/** What the reference says of a route; made from the very schemas that validate. */
export interface RouteDocumentation {
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly requestBody?: ZodOpenApiRequestBodyObject;
  /** Headers that matter. */
  readonly headers?: z.ZodObject;
  /** Of everything below /v1 a token, unless another is named. */
  readonly proof?: Proof;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Failures of this route, beside those that every route of its kind has. */
  readonly failures?: readonly ErrorCode[];
}

/** What a caller needs besides, where the request asks for more than the route does at the least. */
interface FurtherScope<Input> {
  readonly scope: Scope;
  /** For the reference: when it is needed. */
  readonly when: string;
  readonly isNeeded: (input: Input) => boolean;
}

export interface Route {
  readonly method: Method;
  /** Express form, with `:name` for parameters. Everything below /v1 needs a token. */
  readonly path: `/${string}`;
  /** What the caller must be allowed to do; null: nothing, of routes that need no token. */
  readonly scope: Scope | null;
  readonly furtherScopes: readonly Pick<FurtherScope<never>, 'scope' | 'when'>[];
  /** Whether the audit log tells of each request. */
  readonly isAudited: boolean;
  readonly parameters: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly documentation: RouteDocumentation;
  readonly handlers: readonly RequestHandler[];
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface RouteInput<Parameters extends z.ZodObject | undefined, Query extends z.ZodObject | undefined, Body extends z.ZodType | undefined> {
  readonly parameters: Parsed<Parameters>;
  readonly query: Parsed<Query>;
  readonly body: Parsed<Body>;
}

interface RouteDefinition<Parameters extends z.ZodObject | undefined, Query extends z.ZodObject | undefined, Body extends z.ZodType | undefined> {
  readonly method: Route['method'];
  readonly path: Route['path'];
  readonly scope: Route['scope'];
  readonly furtherScopes?: readonly FurtherScope<RouteInput<Parameters, Query, Body>>[];
  /** Of routes with a token those are that change something, and of the others those that say so. */
  readonly isAudited?: boolean;
  /** What the audit log is to name beside the path: names of things, never their contents. */
  readonly auditedNames?: (input: RouteInput<Parameters, Query, Body>) => readonly string[];
  /** Another tenant whose audit log is to tell of it too. */
  readonly alsoAudits?: (input: RouteInput<Parameters, Query, Body>) => string;
  readonly parameters?: Parameters;
  readonly query?: Query;
  /** A JSON body of this schema; where the schema takes `{}`, a POST without a body is as good. What replaces something always says by what. */
  readonly body?: Body;
  readonly bodyExamples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
  readonly documentation: RouteDocumentation;
  /** Before all that costs something but the arrival of the body: refuses requests when there are too many. For routes below /v1 alone. */
  readonly gate?: RequestGate;
  /** Of a POST that changes nothing: it takes no Idempotency-Key, and may be sent as often as wanted. */
  readonly onlyReads?: boolean;
  /** Of any other POST: what is particular to carrying it out once. */
  readonly once?: OnceOptions;
  /** Run after parameters and query are known to be valid, and before `handle`. */
  readonly before?: readonly RequestHandler[];
  readonly handle: (input: RouteInput<Parameters, Query, Body>, request: Request, response: Response) => Promise<void> | void;
}

/** One route: how it is reached, what it says of itself, and what it does with validated input. */
export function defineRoute<Parameters extends z.ZodObject | undefined = undefined, Query extends z.ZodObject | undefined = undefined, Body extends z.ZodType | undefined = undefined>(
  definition: RouteDefinition<Parameters, Query, Body>,
): Route {
  const { method, path, scope, furtherScopes = [], parameters, query, body, gate, onlyReads, once = {}, handle } = definition;
  checkScope(definition);
  const isAudited = definition.isAudited ?? (method !== 'get' && scope !== null && onlyReads !== true);
  const enter: RequestHandler = function enter(request, response, next) {
    contextOf(request).route = path;
    if (isAudited) openAudit(request, response, definition.documentation.operationId);
    // Before anything is read: who may not do it learns nothing of what it takes.
    if (scope !== null) requireScope(principalOfRequest(request), scope);
    readInput(request);
    next();
  };
  const answer = async (request: Request, response: Response): Promise<void> => {
    const sent = (body === undefined ? undefined : parseInput(body, request.body)) as Parsed<Body>;
    const input = { ...readInput(request), body: sent };
    for (const further of furtherScopes) if (further.isNeeded(input)) requireScope(principalOfRequest(request), further.scope);
    const { rules } = contextOf(request);
    const carryOut = async (): Promise<void> => {
      // Nothing is done that the log does not hold first.
      if (isAudited) await beginAudit(request, input, { alsoIn: definition.alsoAudits?.(input), names: definition.auditedNames?.(input) });
      await handle(input, request, response);
    };
    if (rules === undefined || !isDoneOnce(definition)) await carryOut();
    else await rules.carryOutOnce(request, response, once, carryOut);
    // What stands behind the gate searches; what failed is not charged for.
    if (gate !== undefined) rules?.usageMeter.count(principalOfRequest(request).tenant, 'searches', contextOf(request).searches);
  };
  // Behind a gate under the same name: it is what answers.
  const { answer: work }: { readonly answer: RequestHandler } = gate === undefined ? { answer } : { answer: (request, response) => gate.during(request, () => answer(request, response)) };
  const readInput = (request: Request) => ({
    parameters: (parameters === undefined ? undefined : parseInput(parameters, request.params, '/path')) as Parsed<Parameters>,
    query: (query === undefined ? undefined : parseInput(query, { ...request.query }, '/query')) as Parsed<Query>,
  });
  const readBody = body === undefined ? [] : [createJsonBody(maximumBodyBytes, { optional: isOptional(method, body) })];
  return { method, path, scope, furtherScopes, isAudited, parameters, query, documentation: documented(definition), handlers: [enter, ...(scope === null ? [] : [limitBy(rateClassOf(method, scope))]), ...(gate === undefined ? [] : [...(method === 'get' ? [] : [createBodyArrival(maximumBodyBytes)]), gate.enter]), ...readBody, ...(definition.before ?? []), work] };
}

function limitBy(rateClass: RateClass): RequestHandler {
  return async function limit(request, response, next) {
    await contextOf(request).rules?.limitRate(request, response, rateClass, 1);
    next();
  };
}

/** Whoever needs a token needs a scope: a route that forgot it keeps the process from starting. */
function checkScope({ method, path, scope, documentation: { proof } }: Pick<RouteDefinition<undefined, undefined, undefined>, 'method' | 'path' | 'scope' | 'documentation'>): void {
  const needsToken = path.startsWith('/v1/') && proof !== 'signature';
  if (needsToken !== (scope !== null)) throw new TypeError(`${method.toUpperCase()} ${path} ${needsToken ? 'needs' : 'takes no token and needs no'} scope.`);
}

function isOptional(method: Method, body: z.ZodType): boolean {
  return method === 'post' && body.safeParse({}).success;
}

type AnyDefinition = Pick<RouteDefinition<undefined, undefined, z.ZodType | undefined>, 'method' | 'scope' | 'onlyReads' | 'once' | 'body' | 'bodyExamples' | 'documentation'>;

/** Whether an Idempotency-Key counts: on every POST that changes something. */
function isDoneOnce({ method, scope, onlyReads }: Pick<AnyDefinition, 'method' | 'scope' | 'onlyReads'>): boolean {
  return method === 'post' && scope !== null && onlyReads !== true;
}

/** The reference of a route, with the body and the headers that it takes. */
function documented(definition: AnyDefinition): RouteDocumentation {
  const documentation = documentedBody(definition);
  if (!isDoneOnce(definition)) return documentation;
  const { headers, failures = [] } = documentation;
  const kept: readonly ErrorCode[] = definition.once?.givesSecret === true ? ['IDEMPOTENCY_ANSWER_NOT_KEPT'] : [];
  return { ...documentation, headers: headers === undefined ? onceHeaders : headers.extend(onceHeaders.shape), failures: [...failures, 'INVALID_REQUEST', 'REGISTRY_UNAVAILABLE', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS', ...kept] };
}

const onceHeaders = z.object({ [idempotencyHeader]: idempotencyKeySchema.optional() });

function documentedBody({ method, body, bodyExamples, documentation }: AnyDefinition): RouteDocumentation {
  if (body === undefined) return documentation;
  return { ...documentation, requestBody: { required: !isOptional(method, body), content: { 'application/json': { schema: body, ...(bodyExamples === undefined ? {} : { examples: bodyExamples }) } } } };
}

/** The routes of one resource; other methods on their paths are answered with those there are. */
export function createRouter(routes: readonly Route[]): Router {
  const router = express.Router({ caseSensitive: true });
  for (const route of routes) router[route.method](route.path, ...route.handlers);
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).flatMap((route) => (route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()]));
    router.all(path, createMethodNotAllowed(path, [...allowed, 'OPTIONS']));
  }
  return router;
}
