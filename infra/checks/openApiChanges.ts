import { asReader, schemaChanges } from './schemaChanges.ts';
import type { Change, SchemaReader, Schemas } from './schemaChanges.ts';

interface Media {
  readonly schema?: object;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: object }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>>; readonly headers?: Readonly<Record<string, unknown>> }>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

/** As far as a change of it can break a client. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Schemas };
}

/**
 * What a client written against the released document could stumble over in the current one: something it may send is no longer taken,
 * or something it counts on is no longer answered. Additions are none: clients must take further routes, fields of answers, values of
 * enumerations in answers, statuses of failures.
 */
export function breakingChanges(released: OpenApi, current: OpenApi): Change[] {
  const readers: [SchemaReader, SchemaReader] = [asReader(released.components?.schemas), asReader(current.components?.schemas)];
  return Object.entries(released.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, before]) => {
      const where = `${method.toUpperCase()} ${path}`;
      const now = current.paths[path]?.[method];
      if (now === undefined) return [{ where, what: 'the route is gone' }];
      return [...securityChanges(where, before, now), ...parameterChanges(where, before, now, readers), ...bodyChanges(where, before, now, readers), ...answerChanges(where, before, now, readers)];
    }),
  );
}

function securityChanges(where: string, before: Operation, now: Operation): Change[] {
  const needs = ({ security = [] }: Operation): string[] => security.flatMap((proofs) => Object.entries(proofs).flatMap(([proof, scopes]) => [proof, ...scopes]));
  const more = needs(now).filter((need) => !needs(before).includes(need));
  return more.length === 0 ? [] : [{ where, what: `it needs ${more.join(', ')}, which it did not` }];
}

function parameterChanges(where: string, before: Operation, now: Operation, readers: [SchemaReader, SchemaReader]): Change[] {
  const [old, current] = [before.parameters ?? [], now.parameters ?? []];
  const same = (left: { name: string; in: string }) => (right: { name: string; in: string }) => left.name === right.name && left.in === right.in;
  return [
    ...current.filter((parameter) => parameter.required === true && old.find(same(parameter))?.required !== true).map(({ name, in: place }) => ({ where, what: `the ${place} parameter "${name}" must be sent now` })),
    ...old.flatMap((parameter) => {
      const found = current.find(same(parameter));
      const at = `${where}, ${parameter.in} parameter "${parameter.name}"`;
      if (found === undefined) return [{ where: at, what: 'it is gone' }];
      return schemaChanges(at, [parameter.schema ?? {}, found.schema ?? {}], readers, 'sent');
    }),
  ];
}

function bodyChanges(where: string, before: Operation, now: Operation, readers: [SchemaReader, SchemaReader]): Change[] {
  const [old, current] = [before.requestBody, now.requestBody];
  if (current?.required === true && old?.required !== true) return [{ where, what: 'a body must be sent now' }];
  return mediaChanges(`${where}, body`, old?.content ?? {}, current?.content ?? {}, readers, 'sent');
}

function answerChanges(where: string, before: Operation, now: Operation, readers: [SchemaReader, SchemaReader]): Change[] {
  return Object.entries(before.responses).flatMap(([status, old]) => {
    const current = now.responses[status];
    const at = `${where}, answer ${status}`;
    // A failure that no longer happens breaks nobody.
    if (current === undefined) return Number(status) >= 400 ? [] : [{ where: at, what: 'it is gone' }];
    const headers = Object.keys(old.headers ?? {}).filter((name) => !Object.hasOwn(current.headers ?? {}, name));
    return [...headers.map((name) => ({ where: at, what: `the header ${name} is gone` })), ...mediaChanges(at, old.content ?? {}, current.content ?? {}, readers, 'answered')];
  });
}

function mediaChanges(where: string, before: Readonly<Record<string, Media>>, now: Readonly<Record<string, Media>>, readers: [SchemaReader, SchemaReader], direction: 'sent' | 'answered'): Change[] {
  return Object.entries(before).flatMap(([type, { schema = {} }]) => {
    const current = now[type];
    return current === undefined ? [{ where, what: `${type} is gone` }] : schemaChanges(where, [schema, current.schema ?? {}], readers, direction);
  });
}
