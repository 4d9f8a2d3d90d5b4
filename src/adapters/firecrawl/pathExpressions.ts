/**
 * The regular expression that finds what a pattern of a source finds (`createMatcher` in ../shared/addressPatterns.ts), on the whole address.
 * It is sent to Firecrawl so that no credit is spent on pages that are not wanted; what comes back is filtered once more here.
 * Written without lookaround, which Firecrawl's engine does not know.
 */
export function pathExpression(pattern: string): string {
  const parts = readable(pattern).replace(/^\/+/, '').match(/(?<=^|\/)(?:\*\*+\/)+|\/\*\*+$|\*+|[^*]/gu) ?? [];
  // A pattern without a query fits an address by its path alone, too.
  const end = pattern.includes('?') ? '$' : String.raw`(?:\?.*)?$`;
  return `^https?://[^/?#]+/+${parts.map(partExpression).join('')}${end}`;
}

function partExpression(part: string): string {
  if (!part.includes('*')) return escape(part);
  if (part === '*') return '[^/]*';
  if (part.startsWith('/')) return '(?:/.*)?';
  return part.endsWith('/') ? '(?:.*/)?' : '.*';
}

/** What addresses hold as escapes is found in either spelling. Classes instead of flags: the server tries the expression in JavaScript first. */
function escape(character: string): string {
  const literal = character.replace(/[.+?^${}()|[\]\\]/, String.raw`\$&`);
  const encoded = character === '%' ? character : encodeURI(character.toWellFormed());
  if (encoded === character) return literal;
  return `(?:${literal}|${encoded.replace(/[A-F]/g, (letter) => `[${letter}${letter.toLowerCase()}]`)})`;
}

/** A pattern may be written with escapes, too. */
function readable(pattern: string): string {
  try {
    return decodeURI(pattern);
  } catch {
    return pattern;
  }
}
