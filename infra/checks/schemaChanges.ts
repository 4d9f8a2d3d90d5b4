export interface Change {
  readonly where: string;
  readonly what: string;
}

export type Schemas = Readonly<Record<string, object>>;

interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

/** Follows references within one document. */
export type SchemaReader = (schema: object) => { readonly schema: JsonSchema; readonly name: string | undefined };

export function asReader(schemas: Schemas = {}): SchemaReader {
  return (given) => {
    let [schema, name] = [given as JsonSchema, undefined as string | undefined];
    while (schema.$ref !== undefined) {
      name = schema.$ref.split('/').at(-1) ?? '';
      schema = (schemas[name] ?? {}) as JsonSchema;
    }
    return { schema, name };
  };
}

type Direction = 'sent' | 'answered';
type Pair = readonly [object, object];

interface Comparison {
  readonly readers: readonly [SchemaReader, SchemaReader];
  readonly direction: Direction;
  /** Pairs of names on the way here: schemas may contain themselves. */
  readonly seen: ReadonlySet<string>;
}

/** Changes by which what was sent is no longer taken, or what was answered no longer comes. */
export function schemaChanges(where: string, pair: Pair, readers: readonly [SchemaReader, SchemaReader], direction: Direction): Change[] {
  return compare(where, pair, { readers, direction, seen: new Set() });
}

function compare(where: string, pair: Pair, comparison: Comparison): Change[] {
  const [before, now] = [comparison.readers[0](pair[0]), comparison.readers[1](pair[1])];
  const names = `${before.name ?? ''}>${now.name ?? ''}`;
  if (names !== '>' && comparison.seen.has(names)) return [];
  const inner: Comparison = names === '>' ? comparison : { ...comparison, seen: new Set([...comparison.seen, names]) };
  const [old, current] = [before.schema, now.schema];
  if (membersOf(old).length + membersOf(current).length > 0) return unionChanges(where, old, current, inner);
  return [...typeChanges(where, old, current, inner), ...valueChanges(where, old, current, inner), ...objectChanges(where, old, current, inner), ...partChanges(where, old, current, inner)];
}

function typeChanges(where: string, old: JsonSchema, current: JsonSchema, { direction }: Comparison): Change[] {
  const [before, now] = [typesOf(old), typesOf(current)];
  if (before === undefined && now === undefined) return [];
  // Wider for what is sent, narrower for what is answered: everything else breaks someone.
  const [some, all] = direction === 'sent' ? [before, now] : [now, before];
  if (all === undefined) return [];
  const odd = some === undefined ? ['any'] : some.filter((type) => !all.includes(type) && !(type === 'integer' && all.includes('number')));
  return odd.length === 0 ? [] : [{ where, what: direction === 'sent' ? `${odd.join(', ')} is no longer taken` : `${odd.join(', ')} can be answered now` }];
}

function typesOf({ type, const: only, enum: values }: JsonSchema): readonly string[] | undefined {
  if (type !== undefined) return typeof type === 'string' ? [type] : type;
  const known = only === undefined ? values : [only];
  return known === undefined ? undefined : [...new Set(known.map((value) => (value === null ? 'null' : typeof value)))];
}

/** The most and the least, by what they bound: what is sent may not be bound more tightly. */
const upper = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const lower = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];

function valueChanges(where: string, old: JsonSchema, current: JsonSchema, { direction }: Comparison): Change[] {
  const changes: Change[] = [];
  const [before, now] = [valuesOf(old), valuesOf(current)];
  if (before !== undefined) {
    // A value that is never answered again breaks nobody's reading, but whoever waits for it waits for ever.
    const gone = now === undefined ? [] : before.filter((value) => !now.includes(value));
    if (gone.length > 0) changes.push({ where, what: `the values ${gone.join(', ')} are gone` });
  } else if (now !== undefined && direction === 'sent') changes.push({ where, what: `only ${now.join(', ')} are taken now` });
  if (direction === 'answered') return [...changes, ...(old.format !== current.format && old.format !== undefined ? [{ where, what: `the format is ${current.format ?? 'open'} in place of ${old.format}` }] : [])];
  for (const [bounds, tighter] of [[upper, (a: number, b: number) => b < a], [lower, (a: number, b: number) => b > a]] as const) {
    for (const keyword of bounds) {
      const [a, b] = [old[keyword], current[keyword]];
      if (typeof b === 'number' && (typeof a !== 'number' || tighter(a, b))) changes.push({ where, what: `${keyword} is ${b} in place of ${typeof a === 'number' ? a : 'none'}` });
    }
  }
  for (const keyword of ['pattern', 'format', 'multipleOf'] as const) {
    if (current[keyword] !== undefined && current[keyword] !== old[keyword]) changes.push({ where, what: `${keyword} is ${JSON.stringify(current[keyword])} in place of ${JSON.stringify(old[keyword]) ?? 'none'}` });
  }
  return changes;
}

function valuesOf({ enum: values, const: only }: JsonSchema): readonly string[] | undefined {
  return only === undefined ? values?.map((value) => JSON.stringify(value)) : [JSON.stringify(only)];
}

function objectChanges(where: string, old: JsonSchema, current: JsonSchema, comparison: Comparison): Change[] {
  const { direction } = comparison;
  const [before, now] = [old.properties ?? {}, current.properties ?? {}];
  const [mustBefore, mustNow] = [old.required ?? [], current.required ?? []];
  const required = direction === 'sent' ? mustNow.filter((name) => !mustBefore.includes(name)).map((name) => `"${name}" must be sent now`) : mustBefore.filter((name) => !mustNow.includes(name) && Object.hasOwn(now, name)).map((name) => `"${name}" may be missing now`);
  const closed = direction === 'sent' && current.additionalProperties === false && old.additionalProperties !== false && Object.hasOwn(old, 'properties') ? ['fields beside those named are no longer taken'] : [];
  return [
    ...[...required, ...closed].map((what) => ({ where, what })),
    ...Object.entries(before).flatMap(([name, schema]) => {
      const at = `${where}/${name}`;
      const found = now[name];
      return found === undefined ? [{ where: at, what: 'the field is gone' }] : compare(at, [schema, found], comparison);
    }),
  ];
}

function partChanges(where: string, old: JsonSchema, current: JsonSchema, comparison: Comparison): Change[] {
  return (['items', 'additionalProperties', 'propertyNames'] as const).flatMap((keyword) => {
    const [before, now] = [old[keyword], current[keyword]];
    return typeof before === 'object' && typeof now === 'object' ? compare(`${where}/${keyword === 'items' ? '[]' : `{${keyword}}`}`, [before, now], comparison) : [];
  });
}

/** Of what was sent each form must still be taken by one; of what is answered each form must have been one before. */
function unionChanges(where: string, old: JsonSchema, current: JsonSchema, comparison: Comparison): Change[] {
  const [before, now] = [membersOf(old), membersOf(current)];
  const forms = (members: readonly JsonSchema[], whole: JsonSchema): readonly JsonSchema[] => (members.length > 0 ? members : [whole]);
  const [from, to] = [forms(before, old), forms(now, current)];
  const fits = (left: JsonSchema, right: JsonSchema): boolean => compare(where, [left, right], comparison).length === 0;
  const lost = comparison.direction === 'sent' ? from.filter((form) => !to.some((other) => fits(form, other))) : to.filter((form) => !from.some((other) => fits(other, form)));
  return lost.length === 0 ? [] : [{ where, what: `${lost.length} of ${(comparison.direction === 'sent' ? from : to).length} forms ${comparison.direction === 'sent' ? 'are no longer taken' : 'are answered that were not'}` }];
}

function membersOf({ anyOf = [], oneOf = [] }: JsonSchema): readonly JsonSchema[] {
  return [...anyOf, ...oneOf];
}
