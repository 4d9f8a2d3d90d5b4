import { analyse } from './sparse/analyse.ts';
import type { Term } from './sparse/analyse.ts';

export interface Highlight {
  readonly start: number;
  readonly end: number;
}

export interface MatchedPassage {
  /** In order of their place, not overlapping. */
  readonly highlights: readonly Highlight[];
  /** The query's terms that the passage holds. */
  readonly terms: readonly string[];
}

/** The terms of a query, ready to be looked for in passages. */
export interface QueryTerms {
  readonly terms: ReadonlySet<string>;
  /** First characters of the terms: no word that begins otherwise can give one of them (plain ASCII passages). */
  readonly initials: ReadonlySet<number>;
}

const maximumHighlights = 100;

export function queryTerms(query: string): QueryTerms {
  const terms = new Set(analyse(query).map(({ term }) => term));
  return { terms, initials: new Set([...terms].map((term) => term.charCodeAt(0))) };
}

/** Where a passage holds terms of the query, by the same analysis that ranked it. Words next to each other are one highlight. */
export function matchPassage(query: QueryTerms, passage: string): MatchedPassage {
  const matched = termsToCheck(query, passage).filter(({ term }) => query.terms.has(term));
  return { highlights: merged(matched, passage), terms: [...new Set(matched.map(({ term }) => term))] };
}

/**
 * Most words of a passage begin like no term of the query, and need no analysis: a tenth of the time for usual queries.
 * In plain ASCII text words never reach over white space, and neither folding nor stemming changes a first letter.
 */
function termsToCheck({ initials }: QueryTerms, passage: string): Term[] {
  // eslint-disable-next-line no-control-regex -- exactly the ASCII range
  if (!/^[\x00-\x7f]*$/.test(passage)) return analyse(passage);
  const terms: Term[] = [];
  for (const { 0: token, index } of passage.matchAll(/\S+/g)) {
    if (!mayHoldTerm(token, initials)) continue;
    for (const { term, start, end } of analyse(token)) terms.push({ term, start: index + start, end: index + end });
  }
  return terms;
}

function mayHoldTerm(token: string, initials: ReadonlySet<number>): boolean {
  let inWord = false;
  for (let index = 0; index < token.length; index += 1) {
    const code = token.charCodeAt(index);
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    const isWord = (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57);
    if (isWord && !inWord && initials.has(lower)) return true;
    inWord = isWord;
  }
  return false;
}

/** Terms in order of place; a name's parts come before the whole, which covers them. */
function merged(terms: readonly Term[], passage: string): Highlight[] {
  const sorted = terms.map(({ start, end }) => ({ start, end })).sort((left, right) => left.start - right.start || right.end - left.end);
  const highlights: { start: number; end: number }[] = [];
  for (const { start, end } of sorted) {
    const last = highlights.at(-1);
    if (last !== undefined && (start <= last.end || /^[ \u00a0-]$/.test(passage.slice(last.end, start)))) last.end = Math.max(last.end, end);
    else if (highlights.length === maximumHighlights) break;
    else highlights.push({ start, end });
  }
  return highlights;
}
