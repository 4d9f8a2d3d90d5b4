/** How words begin that can give a wanted term, by their first one and two ASCII letters or digits. */
export interface WordBeginnings {
  /** 1 for a character that a term begins with. */
  readonly first: Uint8Array;
  readonly firstTwo: ReadonlySet<number>;
}

const asciiCharacters = 128;

const lowerI = 0x69;
const lowerY = 0x79;

/** By character: a table, since every character of every result is looked at. */
const lowerCase = Uint8Array.from({ length: asciiCharacters }, (_, code) => (/[a-z0-9]/i.test(String.fromCharCode(code)) ? String.fromCharCode(code).toLowerCase().charCodeAt(0) : 0));

/** Lower case of an ASCII letter or digit; 0 for any other character. */
export function plainCharacter(code: number): number {
  return code < asciiCharacters ? (lowerCase[code] ?? 0) : 0;
}

export function beginningsOf(terms: Iterable<string>): WordBeginnings {
  const first = new Uint8Array(asciiCharacters);
  const firstTwo = new Set<number>();
  for (const term of terms) {
    if (term.charCodeAt(0) < asciiCharacters) first[term.charCodeAt(0)] = 1;
    firstTwo.add(pair(term.charCodeAt(0), term.length > 1 ? term.charCodeAt(1) : 0));
  }
  return { first, firstTwo };
}

/**
 * Whether a word that begins with these two characters may give a wanted term. Stemming leaves the first two letters of a word
 * alone but for y and i ("dying", "die"); where the second is no plain character, the first alone decides.
 */
export function mayGiveTerm(beginnings: WordBeginnings, firstCode: number, secondCode: number): boolean {
  const first = plainCharacter(firstCode);
  if (beginnings.first[first] !== 1) return false;
  const second = plainCharacter(secondCode);
  return second === 0 || beginnings.firstTwo.has(pair(first, second));
}

function pair(first: number, second: number): number {
  return first * 65_536 + (second === lowerY ? lowerI : second);
}
