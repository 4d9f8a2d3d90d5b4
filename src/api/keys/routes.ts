import { z } from 'zod';
import { apiKeySchema, apiKeysPageSchema, createApiKeyRequestSchema, issuedApiKeySchema, rotateApiKeyRequestSchema } from '../../contracts/apiKeys.ts';
import type { ApiKey, IssuedApiKey } from '../../contracts/apiKeys.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { newIdentifier } from '../../contracts/identifiers.ts';
import { makeApiKey } from '../authentication/apiKeySecret.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { pageQuery } from '../pages.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { refuseMoreThanHeld } from './refuseMoreThanHeld.ts';

type KeyDependencies = Pick<ApiDependencies, 'apiKeys'>;

const parameters = z.strictObject({ keyId: z.uuid() });

export function createKeyRoutes(dependencies: KeyDependencies): Route[] {
  return [createRoute(dependencies), listRoute(dependencies), findRoute(dependencies), rotateRoute(dependencies), revokeRoute(dependencies)];
}

function createRoute({ apiKeys }: KeyDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/keys',
    scope: 'keys:write',
    once: { givesSecret: true },
    body: createApiKeyRequestSchema,
    bodyExamples: { search: { summary: 'A key that may search, for 90 days', value: { name: 'Website search', scopes: ['search:read'] } } },
    documentation: {
      operationId: 'createApiKey',
      tag: 'Keys',
      summary: 'Create an API key',
      description: 'The answer holds the key itself, which cannot be had again. It may do no more than its maker: scopes or policy labels that the caller does not hold are refused.',
      answers: { 201: { description: 'The key.', schema: issuedApiKeySchema, headers: z.object({ Location: z.string() }) } },
      failures: ['FORBIDDEN', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      const principal = principalOfRequest(request);
      refuseMoreThanHeld(principal, body);
      const { token, record } = await makeApiKey();
      const key = await apiKeys.create(principal.tenant, newIdentifier(), body, record, principal.subject);
      response.status(201).location(`/v1/keys/${key.id}`).json({ key, secret: token } satisfies IssuedApiKey);
    },
  });
}

function listRoute({ apiKeys }: KeyDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/keys',
    scope: 'keys:read',
    query: pageQuery(),
    documentation: {
      operationId: 'listApiKeys',
      tag: 'Keys',
      summary: 'API keys of the tenant',
      description: 'Those that are expired or revoked included.',
      answers: { 200: { description: 'A page of keys, newest first.', schema: apiKeysPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { cursor, limit } }, request, response) {
      response.json(await apiKeys.list(principalOfRequest(request).tenant, cursor, limit));
    },
  });
}

function findRoute(dependencies: KeyDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/keys/:keyId',
    scope: 'keys:read',
    parameters,
    documentation: {
      operationId: 'getApiKey',
      tag: 'Keys',
      summary: 'An API key',
      answers: { 200: { description: 'The key, without its secret.', schema: apiKeySchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { keyId } }, request, response) {
      response.json(await findKey(dependencies, principalOfRequest(request).tenant, keyId));
    },
  });
}

function rotateRoute(dependencies: KeyDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/keys/:keyId/rotate',
    scope: 'keys:write',
    parameters,
    once: { givesSecret: true },
    body: rotateApiKeyRequestSchema,
    documentation: {
      operationId: 'rotateApiKey',
      tag: 'Keys',
      summary: 'Give an API key a new secret',
      description: 'What it was before is accepted for a grace period too; one before that no longer. Its life begins anew. Like making a key, it needs all that the key holds.',
      answers: { 200: { description: 'The key as it is to be sent from now on.', schema: issuedApiKeySchema } },
      failures: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { keyId }, body: { graceSeconds } }, request, response) {
      const principal = principalOfRequest(request);
      refuseMoreThanHeld(principal, await findKey(dependencies, principal.tenant, keyId));
      const { token, record } = await makeApiKey();
      const key = await dependencies.apiKeys.rotate(principal.tenant, keyId, record, graceSeconds);
      if (key === undefined) throw new CatalystError('CONFLICT', 'The key is revoked, and stays so. Create another.');
      response.json({ key, secret: token } satisfies IssuedApiKey);
    },
  });
}

function revokeRoute({ apiKeys }: KeyDependencies): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/keys/:keyId',
    scope: 'keys:write',
    parameters,
    documentation: {
      operationId: 'revokeApiKey',
      tag: 'Keys',
      summary: 'Revoke an API key',
      description: 'All processes refuse it within a second. It stays in the list, and cannot be brought back.',
      answers: { 200: { description: 'The key as it is now.', schema: apiKeySchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { keyId } }, request, response) {
      response.json((await apiKeys.revoke(principalOfRequest(request).tenant, keyId)) ?? missing(keyId));
    },
  });
}

async function findKey({ apiKeys }: KeyDependencies, tenant: string, keyId: string): Promise<ApiKey> {
  return (await apiKeys.find(tenant, keyId)) ?? missing(keyId);
}

/** The same answer for another tenant's key as for one that never was. */
function missing(keyId: string): never {
  throw new CatalystError('NOT_FOUND', `There is no API key ${keyId}.`);
}
