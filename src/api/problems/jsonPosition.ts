/** Where the text stops being JSON, counted in characters from 0; the length of the text where it ends too early. */
export function positionOfJsonError(text: string): number {
  const scanner = { text, at: 0, open: [] as ('{' | '[')[] };
  while (scanValue(scanner)) {
    if (!closeOrContinue(scanner)) break;
  }
  return scanner.at;
}

interface Scanner {
  readonly text: string;
  at: number;
  /** Containers that are still open, outermost first; a list instead of recursion, so that depth costs no stack. */
  readonly open: ('{' | '[')[];
}

const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Reads opening brackets and one scalar or an empty container; false where that fails, with `at` on the culprit. */
function scanValue(scanner: Scanner): boolean {
  for (;;) {
    skipSpace(scanner);
    const character = scanner.text[scanner.at];
    if (character !== '{' && character !== '[') return character === '"' ? scanString(scanner) : match(scanner, literal);
    scanner.open.push(character);
    scanner.at += 1;
    skipSpace(scanner);
    if (scanner.text[scanner.at] === (character === '{' ? '}' : ']')) return true;
    if (character === '{' && !scanName(scanner)) return false;
  }
}

/** After a value: closes what closes, and goes on after a comma; false at the end of the outermost value or an error. */
function closeOrContinue(scanner: Scanner): boolean {
  for (;;) {
    skipSpace(scanner);
    const container = scanner.open.at(-1);
    if (container === undefined) return false;
    const character = scanner.text[scanner.at];
    if (character === (container === '{' ? '}' : ']')) {
      scanner.open.pop();
      scanner.at += 1;
      continue;
    }
    if (character !== ',') return false;
    scanner.at += 1;
    return container === '[' || scanName(scanner);
  }
}

function scanName(scanner: Scanner): boolean {
  skipSpace(scanner);
  if (!scanString(scanner)) return false;
  skipSpace(scanner);
  if (scanner.text[scanner.at] !== ':') return false;
  scanner.at += 1;
  return true;
}

/** By hand: a regular expression over a string of millions of characters can exhaust its stack. */
function scanString(scanner: Scanner): boolean {
  if (scanner.text[scanner.at] !== '"') return false;
  scanner.at += 1;
  for (;;) {
    const character = scanner.text[scanner.at];
    if (character === undefined || character < ' ') return false;
    if (character === '\\') {
      if (!match(scanner, escape)) return false;
      continue;
    }
    scanner.at += 1;
    if (character === '"') return true;
  }
}

function match(scanner: Scanner, pattern: RegExp): boolean {
  pattern.lastIndex = scanner.at;
  if (!pattern.test(scanner.text)) return false;
  scanner.at = pattern.lastIndex;
  return true;
}

function skipSpace(scanner: Scanner): void {
  while (' \t\n\r'.includes(scanner.text[scanner.at] ?? 'x')) scanner.at += 1;
}
