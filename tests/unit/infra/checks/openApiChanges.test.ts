import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../../../../infra/checks/openApiChanges.ts';
import type { OpenApi } from '../../../../infra/checks/openApiChanges.ts';
import { releasedOpenApiFile } from '../../../../infra/checks/releasedOpenApi.ts';
import { servedOpenApi } from '../../../../infra/documentation/servedOpenApi.ts';

const released: OpenApi = {
  paths: {
    '/v1/things/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }, { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } }],
        responses: { '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } }, headers: { ETag: {} } }, '404': {} },
        security: [{ bearer: ['things:read'] }],
      },
      post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ThingRequest' } } } }, responses: { '201': {} }, security: [{ bearer: ['things:write'] }] },
    },
  },
  components: {
    schemas: {
      Thing: { type: 'object', required: ['id', 'state'], properties: { id: { type: 'string', format: 'uuid' }, state: { type: 'string', enum: ['new', 'done'] }, note: { type: 'string' }, parent: { $ref: '#/components/schemas/Thing' }, size: { anyOf: [{ type: 'integer' }, { type: 'null' }] } } },
      ThingRequest: { type: 'object', additionalProperties: false, required: ['name'], properties: { name: { type: 'string', maxLength: 100 }, kind: { type: 'string', enum: ['a', 'b'] }, tags: { type: 'array', items: { type: 'string' } }, place: { anyOf: [{ type: 'string' }, { type: 'integer' }] } } },
    },
  },
};

type Draft = { paths: Record<string, Record<string, Record<string, unknown>>>; components: { schemas: Record<string, { required: string[]; properties: Record<string, unknown>; [field: string]: unknown }> } };

function changed(edit: (draft: Draft) => void): string[] {
  const draft = structuredClone(released) as unknown as Draft;
  edit(draft);
  return breakingChanges(released, draft as unknown as OpenApi).map(({ where, what }) => `${where}: ${what}`);
}

const path = '/v1/things/{id}';
const schema = (draft: Draft, name: 'Thing' | 'ThingRequest') => draft.components.schemas[name] as Draft['components']['schemas'][string];
const operation = (draft: Draft, method: 'get' | 'post') => draft.paths[path]?.[method] as Record<string, unknown>;

describe('what breaks clients', () => {
  const breaking: [string, (draft: Draft) => void, RegExp][] = [
    ['a path that is gone', (draft) => delete draft.paths[path], /the route is gone/],
    ['an operation that is gone', (draft) => delete draft.paths[path]?.['post'], /POST .*the route is gone/],
    ['another scope', (draft) => Object.assign(operation(draft, 'get'), { security: [{ bearer: ['things:admin'] }] }), /needs things:admin/],
    ['a new parameter that must be sent', (draft) => Object.assign(operation(draft, 'get'), { parameters: [...(operation(draft, 'get')['parameters'] as unknown[]), { name: 'region', in: 'query', required: true, schema: {} }] }), /"region" must be sent/],
    ['a parameter that is gone', (draft) => Object.assign(operation(draft, 'get'), { parameters: [(operation(draft, 'get')['parameters'] as unknown[])[0]] }), /"limit": it is gone/],
    ['a lower maximum', (draft) => Object.assign((operation(draft, 'get')['parameters'] as { schema: object }[])[1]?.schema ?? {}, { maximum: 50 }), /maximum is 50/],
    ['a body that must be sent', (draft) => Object.assign(operation(draft, 'post')['requestBody'] as object, { required: true }), /a body must be sent/],
    ['a success that is gone', (draft) => Object.assign(operation(draft, 'post'), { responses: { '202': {} } }), /answer 201: it is gone/],
    ['a header that is gone', (draft) => delete (operation(draft, 'get')['responses'] as Record<string, { headers?: object }>)['200']?.headers, /header ETag is gone/],
    ['a media type that is gone', (draft) => Object.assign((operation(draft, 'get')['responses'] as Record<string, object>)['200'] as object, { content: { 'text/plain': {} } }), /application\/json is gone/],
    ['a field of the answer that is gone', (draft) => delete schema(draft, 'Thing').properties['note'], /\/note: the field is gone/],
    ['a field of the answer that may be missing', (draft) => (schema(draft, 'Thing').required = ['id']), /"state" may be missing/],
    ['a field of the answer that may be null', (draft) => (schema(draft, 'Thing').properties['note'] = { type: ['string', 'null'] }), /null can be answered/],
    ['a further form of the answer', (draft) => (schema(draft, 'Thing').properties['size'] = { anyOf: [{ type: 'integer' }, { type: 'null' }, { type: 'string' }] }), /1 of 3 forms are answered/],
    ['a value of the answer that is gone', (draft) => (schema(draft, 'Thing').properties['state'] = { type: 'string', enum: ['new'] }), /"done" are gone/],
    ['a further field that must be sent', (draft) => schema(draft, 'ThingRequest').required.push('kind'), /"kind" must be sent/],
    ['a value that is no longer taken', (draft) => (schema(draft, 'ThingRequest').properties['kind'] = { type: 'string', enum: ['a'] }), /"b" are gone/],
    ['a field that is no longer taken', (draft) => delete schema(draft, 'ThingRequest').properties['tags'], /\/tags: the field is gone/],
    ['a type that is no longer taken', (draft) => (schema(draft, 'ThingRequest').properties['tags'] = { type: 'string' }), /array is no longer taken/],
    ['a form that is no longer taken', (draft) => (schema(draft, 'ThingRequest').properties['place'] = { type: 'string' }), /1 of 2 forms are no longer taken/],
    ['a shorter text', (draft) => (schema(draft, 'ThingRequest').properties['name'] = { type: 'string', maxLength: 10 }), /maxLength is 10/],
    ['a pattern', (draft) => (schema(draft, 'ThingRequest').properties['name'] = { type: 'string', maxLength: 100, pattern: '^a' }), /pattern is "\^a"/],
    ['items that are narrower', (draft) => (schema(draft, 'ThingRequest').properties['tags'] = { type: 'array', items: { type: 'string', minLength: 3 } }), /tags\/\[\]: minLength is 3/],
  ];
  it.each(breaking)('%s', (_name, edit, expected) => {
    expect(changed(edit).join('\n')).toMatch(expected);
  });
});

describe('what breaks nobody', () => {
  const harmless: [string, (draft: Draft) => void][] = [
    ['nothing', () => undefined],
    ['a further path', (draft) => (draft.paths['/v1/others'] = { get: { responses: {} } })],
    ['a further parameter', (draft) => Object.assign(operation(draft, 'get'), { parameters: [...(operation(draft, 'get')['parameters'] as unknown[]), { name: 'region', in: 'query', schema: {} }] })],
    ['a further field of the answer', (draft) => (schema(draft, 'Thing').properties['more'] = { type: 'string' })],
    ['a further value of the answer', (draft) => (schema(draft, 'Thing').properties['state'] = { type: 'string', enum: ['new', 'done', 'lost'] })],
    ['a further field that may be sent', (draft) => (schema(draft, 'ThingRequest').properties['more'] = { type: 'string' })],
    ['a further value that is taken', (draft) => (schema(draft, 'ThingRequest').properties['kind'] = { type: 'string', enum: ['a', 'b', 'c'] })],
    ['a higher maximum', (draft) => Object.assign((operation(draft, 'get')['parameters'] as { schema: object }[])[1]?.schema ?? {}, { maximum: 500 })],
    ['a failure more', (draft) => Object.assign(operation(draft, 'get')['responses'] as object, { '429': {} })],
    ['a form of the answer less', (draft) => (schema(draft, 'Thing').properties['size'] = { type: 'integer' })],
    ['a further form that is taken', (draft) => (schema(draft, 'ThingRequest').properties['place'] = { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'boolean' }] })],
    ['another name of a schema', (draft) => (draft.components.schemas['Other'] = schema(draft, 'Thing'), Object.assign((operation(draft, 'get')['responses'] as Record<string, object>)['200'] as object, { content: { 'application/json': { schema: { $ref: '#/components/schemas/Other' } } } }))],
  ];
  it.each(harmless)('%s', (_name, edit) => {
    expect(changed(edit)).toEqual([]);
  });
});

describe('the API', () => {
  it('breaks nothing of the document that was released last', async () => {
    const last = JSON.parse(await readFile(releasedOpenApiFile, 'utf8')) as OpenApi;
    expect(Object.keys(last.paths).length).toBeGreaterThan(40);
    expect(breakingChanges(last, (await servedOpenApi()) as unknown as OpenApi)).toEqual([]);
  });
});
