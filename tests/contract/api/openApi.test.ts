import { Validator } from '@seriousme/openapi-schema-validator';
import type { Express } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiPath } from '../../../src/api/reference/openApiDocument.ts';
import { CatalystError, errorTable } from '../../../src/contracts/errors.ts';
import { isScope } from '../../../src/contracts/scopes.ts';
import { signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

interface Operation {
  readonly operationId?: string;
  readonly tags?: string[];
  readonly summary?: string;
  readonly security?: object[];
  readonly parameters?: { name: string; in: string; required?: boolean }[];
  readonly requestBody?: { required?: boolean; content: Record<string, { schema?: object; examples?: Record<string, { value: unknown }> }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema?: { $ref?: string } }> }>;
}

interface Document {
  readonly openapi: string;
  readonly tags: { name: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, unknown> };
}

/** As far as Express shows what it routes. */
interface Layer {
  readonly route?: { path: string; stack: { name: string; method?: string }[] };
  readonly handle: { stack?: Layer[] };
}

let api: RunningApi;
let document: Document;
let operations: { method: string; path: string; operation: Operation }[];
beforeAll(async () => {
  api = await startApi({ firecrawlWebhooks: { verify: () => { throw new CatalystError('UNAUTHENTICATED', 'Nothing proves the sender.'); } } });
  document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })));
});
afterAll(() => api.close());

function routesOf(app: Express): string[] {
  const found: string[] = [];
  const walk = (layers: readonly Layer[]): void => {
    for (const { route, handle } of layers) {
      if (handle.stack !== undefined) walk(handle.stack);
      // What only says that there is no such method is no operation.
      for (const { name, method } of route?.stack ?? []) if (name === 'answer') found.push(`${method} ${openApiPath(route?.path ?? '')}`);
      if (route !== undefined) expect(route.stack.some(({ name }) => name === 'answer' || name === 'methodNotAllowed')).toBe(true);
    }
  };
  walk((app as unknown as { router: { stack: Layer[] } }).router.stack);
  return found;
}

function referencesIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner)));
}

/** What a schema of the document takes, as a client that reads the document would see it. */
function readerOf(schema: object | undefined): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  // Zod reads patterns without the flag that JSON Schema asks for, and takes \p{L} for letters of the alphabet.
  return z.fromJSONSchema(JSON.parse(text, (key, value: unknown) => (key === 'pattern' && typeof value === 'string' && value.includes('\\p{') ? undefined : value)) as z.core.JSONSchema.JSONSchema);
}

describe('the OpenAPI document', () => {
  it('describes the routes that Express has, all of them and no others', () => {
    const listeners = api.api.server.listeners('request');
    const app = listeners.find((listener): listener is Express & ((...given: unknown[]) => void) => 'router' in listener);
    if (app === undefined) throw new Error('the server has no Express app');
    const described = operations.map(({ method, path }) => `${method} ${path}`).sort();
    expect(routesOf(app as Express).sort()).toEqual(described);
    expect(described.length).toBeGreaterThan(10);
  });

  it('is of version 3.1, and every reference in it leads somewhere', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const references = new Set(referencesIn(document));
    expect(references.size).toBeGreaterThan(10);
    for (const reference of references) {
      const target = reference.replace(/^#\//, '').split('/').reduce<unknown>((value, segment) => (value as Record<string, unknown> | undefined)?.[segment], document);
      expect(target, reference).toBeTypeOf('object');
    }
  });

  it('gives each operation an id of its own, a known tag, a summary and its path parameters', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    const tags = document.tags.map((tag) => tag.name);
    for (const { path, operation } of operations) {
      expect(operation.operationId, path).toMatch(/^[a-z][A-Za-z]+$/);
      expect(tags).toContain(operation.tags?.[0]);
      expect(operation.summary).toBeTruthy();
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect((operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name, required }) => [name, required])).toEqual(named.map((name) => [name, true]));
      for (const response of Object.values(operation.responses)) expect(response.description).toBeTruthy();
    }
  });

  it('says of every route whether it needs a token, and that is so', async () => {
    for (const { method, path, operation } of operations) {
      const secured = path.startsWith('/v1/');
      const proof = path.startsWith('/v1/webhooks/') ? 'signature' : 'bearer';
      expect(operation.security, path).toEqual(secured ? [{ [proof]: proof === 'bearer' ? [expect.toSatisfy(isScope)] : [] }] : []);
      const response = await fetch(`${api.url}${path.replaceAll(/\{\w+\}/g, '0198c0de-0000-7000-8000-000000000000')}`, { method: method.toUpperCase() });
      await response.text();
      expect(response.status === 401, `${method} ${path}`).toBe(secured);
      if (proof === 'bearer' && secured) expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403', '500', '503']));
    }
  });

  it('answers failures as problems, with codes that the error table gives that status', () => {
    for (const { path, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const problem = response.content?.['application/problem+json'];
        if (problem === undefined) continue;
        expect(problem.schema?.$ref, path).toBe('#/components/schemas/Problem');
        const codes = [...response.description.matchAll(/`([A-Z_]+)`/g)].map((match) => match[1] as keyof typeof errorTable);
        expect(codes.length).toBeGreaterThan(0);
        for (const code of codes) expect(errorTable[code].status).toBe(Number(status));
      }
    }
  });

  it('fits the schema of OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone({ ...document }));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('shows examples of bodies that fit their schemas, and refuses others by the same schemas', () => {
    let examples = 0;
    for (const { path, operation } of operations) {
      for (const { schema, examples: shown = {} } of Object.values(operation.requestBody?.content ?? {})) {
        const reader = readerOf(schema);
        for (const [name, { value }] of Object.entries(shown)) {
          expect(reader.safeParse(value).error, `${path} ${name}`).toBeUndefined();
          examples += 1;
        }
        if (Object.keys(shown).length > 0) expect(reader.safeParse({ nonsense: true }).success, path).toBe(false);
      }
    }
    expect(examples).toBeGreaterThan(10);
  });

  it('says of each body whether it may be left out, and that is so', async () => {
    const headers = { authorization: `Bearer ${await signToken({ roles: ['platform-admin'] })}` };
    for (const { method, path, operation } of operations) {
      if (!path.startsWith('/v1/') || path.startsWith('/v1/webhooks/') || operation.requestBody?.content['application/json'] === undefined) continue;
      const { code } = (await (await api.fetch(path.replaceAll(/\{\w+\}/g, '0198c0de-0000-7000-8000-000000000000'), { method: method.toUpperCase(), headers })).json()) as { code?: string };
      const refused = operation.requestBody.required === true && path !== '/v1/ingest/sync';
      expect(code === 'INVALID_JSON', `${method} ${path}`).toBe(refused);
    }
  });

  it('lets requests leave out what has a default, and promises it in answers', () => {
    const schemas = document.components.schemas as Record<string, { required?: string[] }>;
    expect(schemas['SearchRequest']?.required).toEqual(['query']);
    expect(schemas['IngestRequest']?.required).toEqual(['documents']);
    expect(schemas['UploadsResponse']?.required).toEqual(['uploads', 'refused']);
  });
});

describe('the reference page', () => {
  it('is served whole from here', async () => {
    const page = await (await fetch(`${api.url}/docs`)).text();
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(parts).toHaveLength(4);
    for (const part of [...parts, '/docs/errors', '/openapi.json']) {
      expect(part.startsWith('/')).toBe(true);
      const response = await fetch(`${api.url}${part}`);
      expect([part, response.status]).toEqual([part, 200]);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    expect(page).not.toMatch(/<script>|<style>|onload=/);
  });

  it('of the errors has a place for every code', async () => {
    const page = await (await fetch(`${api.url}/docs/errors`)).text();
    for (const code of Object.keys(errorTable)) expect(page).toContain(`id="${code}"`);
  });
});
