/** How words begin that can give a wanted term, by their first one and two ASCII letters or digits. */
export interface WordBeginnings {
  readonly first: ReadonlySet<number>;
  readonly firstTwo: ReadonlySet<number>;
}

const lowerI = 0x69;
const lowerY = 0x79;

/** Lower case of an ASCII letter or digit; 0 for any other character. */
export function plainCharacter(code: number): number {
  const lower = code >= 0x41 && code <= 0x5a ? code + 32 : code;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) ? lower : 0;
}

export function beginningsOf(terms: Iterable<string>): WordBeginnings {
  const first = new Set<number>();
  const firstTwo = new Set<number>();
  for (const term of terms) {
    first.add(term.charCodeAt(0));
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
  const second = plainCharacter(secondCode);
  if (second === 0) return beginnings.first.has(first);
  return beginnings.firstTwo.has(pair(first, second));
}

function pair(first: number, second: number): number {
  return first * 65_536 + (second === lowerY ? lowerI : second);
}
