/** What the OpenAPI document says can be asked, and which of its fields can name a thing of a tenant. */

export interface ApiOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Pointers such as `path/jobId`, `query/cursor`, `body/documents/[]/uploadId`; `{key}` and `{value}` stand for those of a map. */
  readonly fields: readonly string[];
}

interface JsonSchema {
  readonly $ref?: string;
  readonly format?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: JsonSchema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export function operationsOf(document: OpenApi): ApiOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ id: operation.operationId, method: method.toUpperCase(), path, fields: fieldsOf(operation, document) })),
  );
}

/** Names of fields that can name a thing of a tenant, or a place in its lists. */
const idName = /^(id|.*(?:Id|Ids|Uri|Key|Handle)|cursor|version|location|locationPrefix|host|prefix|bucket|prefixes|tenant|workflow|subject|kind)$/;

function fieldsOf(operation: Operation, document: OpenApi): string[] {
  const found = new Set<string>();
  for (const { name, in: place, schema } of operation.parameters ?? []) {
    if (place === 'path' || place === 'header' || isIdLike(name, schema ?? {})) found.add(`${place}/${name}`);
  }
  for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
    if (schema !== undefined) walk(schema, 'body', { document, found, seen: [] });
  }
  return [...found].sort();
}

function isIdLike(name: string, schema: JsonSchema): boolean {
  return idName.test(name) || isUuid(schema);
}

/** Names that are no UUID, and name a thing of a tenant all the same. */
const namedSchemas: readonly string[] = ['#/components/schemas/VaultName'];

const isUuid = (schema: JsonSchema): boolean => schema.format === 'uuid' || namedSchemas.includes(schema.$ref ?? '') || [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some(isUuid);

const isTenant = (schema: JsonSchema): boolean => schema.$ref === '#/components/schemas/Tenant';

interface Walk {
  readonly document: OpenApi;
  readonly found: Set<string>;
  /** Schemas on the way here: some contain themselves. */
  readonly seen: readonly string[];
}

function walk(schema: JsonSchema, pointer: string, state: Walk): void {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    const target = state.document.components.schemas[name];
    if (target !== undefined && !state.seen.includes(name)) walk(target, pointer, { ...state, seen: [...state.seen, name] });
    return;
  }
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) walk(part, pointer, state);
  if (schema.items !== undefined) {
    if (isUuid(schema.items) || isTenant(schema.items)) state.found.add(`${pointer}/[]`);
    walk(schema.items, `${pointer}/[]`, state);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    // A container that is called like an id holds none itself: its parts are looked at.
    if (isIdLike(name, property) && !isContainer(property)) state.found.add(`${pointer}/${name}`);
    walk(property, `${pointer}/${name}`, state);
  }
  if (schema.propertyNames !== undefined && isUuid(schema.propertyNames)) state.found.add(`${pointer}/{key}`);
  if (typeof schema.additionalProperties === 'object') walk(schema.additionalProperties, `${pointer}/{value}`, state);
}

function isContainer(schema: JsonSchema): boolean {
  return schema.type === 'object' || schema.type === 'array' || schema.properties !== undefined || schema.items !== undefined;
}
