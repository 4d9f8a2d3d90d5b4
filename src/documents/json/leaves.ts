import { inlineText, multilineText } from '../text/normalise.ts';

/** A value that is no object or list, with the names that lead to it, as a line such as `address.city: Berlin`. */
export type Leaf = string;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** The text of a value that is no object or list; nothing for one that is empty. */
export function scalarText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? multilineText(value) : JSON.stringify(value);
}

/** Lists of short values stand on one line. */
const longestList = 400;
/** Names on the way to a value that are written; of longer ways the first and the last. */
const mostNames = 6;
/** Lists within lists within lists: places are no longer added to a longer name. */
const longestName = 60;

function pathText(path: readonly string[]): string {
  return path.length <= mostNames ? path.join('.') : [...path.slice(0, 2), '…', ...path.slice(3 - mostNames)].join('.');
}

/** A list of scalars as one line; undefined when it is something else, or long. */
export function listText(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every(isScalar)) return undefined;
  const text = value.map((item) => inlineText(scalarText(item))).filter((item) => item !== '').join(', ');
  return text.length <= longestList ? text : undefined;
}

interface Open {
  readonly path: readonly string[];
  readonly value: unknown;
}

function inner({ path, value }: Open): Open[] {
  if (Array.isArray(value)) {
    const name = path.at(-1) ?? '';
    return value.map((item: unknown, index) => ({ path: [...path.slice(0, -1), name.length > longestName ? name : `${name}[${index + 1}]`], value: item }));
  }
  if (!isRecord(value)) return [];
  // Ways longer than what is written of them are not kept: nesting thousands deep must not cost its square.
  const above = path.length <= mostNames * 2 ? path : [...path.slice(0, mostNames), ...path.slice(1 - mostNames)];
  return Object.entries(value).map(([key, item]) => ({ path: [...above, inlineText(key)], value: item }));
}

/** All leaves below a value, in document order. Keeps a stack of its own: data may be nested tens of thousands deep. */
export function* leavesOf(value: unknown, path: readonly string[] = []): Generator<Leaf> {
  const open: Open[] = [{ path, value }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const text = isScalar(top.value) ? scalarText(top.value) : listText(top.value);
    if (text === undefined) {
      for (const next of inner(top).reverse()) open.push(next);
      continue;
    }
    const name = pathText(top.path);
    if (text !== '') yield name === '' ? text : `${name}: ${text}`;
  }
}
