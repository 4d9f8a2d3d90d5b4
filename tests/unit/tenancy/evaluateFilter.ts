import type { IndexCondition, IndexFilter, NestedFilter } from '../../../src/tenancy/indexFilter.ts';

/** What Qdrant's documentation says of the conditions that the product uses; the contract suite asks the server itself. */
export function matches(filter: IndexFilter, payload: object, id = ''): boolean {
  return meets(filter, payload, id) && (filter.should === undefined || filter.should.some((branch) => branch.must.every((condition) => holds(condition, payload, id))));
}

function meets({ must, must_not }: NestedFilter, payload: object, id: string): boolean {
  return must.every((condition) => holds(condition, payload, id)) && !must_not.some((condition) => holds(condition, payload, id));
}

function holds(condition: IndexCondition, payload: object, id: string): boolean {
  if ('must' in condition) return meets(condition, payload, id);
  if ('has_id' in condition) return condition.has_id.includes(id);
  if ('is_empty' in condition) return valuesAt(payload, condition.is_empty.key).length === 0;
  const values = valuesAt(payload, condition.key);
  if ('range' in condition) return values.some((value) => inRange(value, condition.range));
  const { match } = condition;
  if ('value' in match) return values.includes(match.value);
  if ('prefix' in match) return values.some((value) => typeof value === 'string' && value.startsWith(match.prefix));
  // The server refuses a request whose list is none: nothing comes out of it.
  if ('any' in match) return Array.isArray(match.any) && values.some((value) => match.any.includes(value as string));
  return values.some((value) => !match.except.includes(value as string));
}

function inRange(value: unknown, range: object): boolean {
  return Object.entries(range).every(([name, bound]: [string, unknown]) => {
    const [left, right] = typeof bound === 'string' ? [momentOf(value), Date.parse(bound)] : [value as number, bound as number];
    if (typeof left !== 'number') return false;
    return name === 'gt' ? left > right : name === 'gte' ? left >= right : name === 'lt' ? left < right : left <= right;
  });
}

export function valuesAt(payload: object, path: string): unknown[] {
  let value: unknown = payload;
  for (const key of path.split('.')) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** Only texts that are dates stand in time; anything else is in no range. */
function momentOf(value: unknown): number {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d(?:$|T)/.test(value) ? Date.parse(value) : NaN;
}
