import { CatalystError } from '../../contracts/errors.ts';

/** Where a value of a JSON text stands, and its name in the object around it. */
export interface Member {
  readonly key: string | undefined;
  readonly start: number;
  readonly end: number;
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

function broken(at: number): CatalystError {
  return new CatalystError('CORRUPT_DOCUMENT', `The file is no valid JSON: something is wrong at character ${at + 1}.`);
}

function cutShort(from: number): CatalystError {
  return new CatalystError('CORRUPT_DOCUMENT', `The file is no valid JSON: it ends before the value that begins at character ${from + 1} does.`);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s\ufeff]/.test(text.charAt(at))) at += 1;
  return at;
}

function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  throw cutShort(from);
}

/** The end of a value, by brackets alone; what is inside is checked when it is read. */
function valueEnd(text: string, from: number): number {
  const first = text.charAt(from);
  if (first === '"') return stringEnd(text, from);
  if (first !== '{' && first !== '[') {
    let at = from;
    while (at < text.length && !/[\s,\]}]/.test(text.charAt(at))) at += 1;
    if (at === from) throw broken(from);
    return at;
  }
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const next = text.charCodeAt(at);
    if (next === quote) at = stringEnd(text, at) - 1;
    else if (next === openBrace || next === openBracket) depth += 1;
    else if (next === closeBrace || next === closeBracket) depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw cutShort(from);
}

function readKey(text: string, from: number): { key: string; next: number } {
  if (text.charAt(from) !== '"') throw broken(from);
  const end = stringEnd(text, from);
  const colon = skipSpace(text, end);
  if (text.charAt(colon) !== ':') throw broken(colon);
  return { key: readJson(text.slice(from, end), from) as string, next: skipSpace(text, colon + 1) };
}

/** Values of the array or object at `start` one by one, so that a large one is never held as objects whole. */
export function* membersOf(text: string, start: number): Generator<Member> {
  const isObject = text.charAt(start) === '{';
  const close = isObject ? '}' : ']';
  let at = skipSpace(text, start + 1);
  if (text.charAt(at) === close) return;
  for (;;) {
    const named = isObject ? readKey(text, at) : { key: undefined, next: at };
    const end = valueEnd(text, named.next);
    yield { key: named.key, start: named.next, end };
    at = skipSpace(text, end);
    if (text.charAt(at) === close) return;
    if (text.charAt(at) !== ',') throw broken(at);
    at = skipSpace(text, at + 1);
  }
}

/** The value that a whole text holds, by its place. Throws CORRUPT_DOCUMENT when something stands behind it. */
export function wholeValue(text: string): Member {
  const start = skipSpace(text, 0);
  const end = valueEnd(text, start);
  const rest = skipSpace(text, end);
  if (rest < text.length) throw broken(rest);
  return { key: undefined, start, end };
}

const longNumber = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g;

/** Parses JSON; numbers too long to be held exactly, such as identifiers, come as they are written. Throws CORRUPT_DOCUMENT. */
export function readJson(text: string, offset = 0): unknown {
  const exact = /\d[\d.]{15}/.test(text) ? text.replace(longNumber, (match) => (match.startsWith('"') ? match : `"${match}"`)) : text;
  try {
    return JSON.parse(exact) as unknown;
  } catch (thrown) {
    if (thrown instanceof RangeError) throw thrown;
    const at = thrown instanceof Error ? /position (\d+)/.exec(thrown.message)?.[1] : undefined;
    throw broken(offset + Number(at ?? 0));
  }
}
