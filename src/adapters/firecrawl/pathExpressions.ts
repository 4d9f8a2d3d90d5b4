/**
 * The regular expression that finds what a pattern of a source finds (`createMatcher` in ../shared/addressPatterns.ts), on the whole address.
 * It is sent to Firecrawl so that no credit is spent on pages that are not wanted; what comes back is filtered once more here.
 * Written without lookaround, which Firecrawl's engine does not know.
 */
export function pathExpression(pattern: string): string {
  const parts = readable(pattern).replace(/^\/+/, '').match(/(?<=^|\/)(?:\*\*+\/)+|\/\*\*+$|\*+|[^*]/gu) ?? [];
  const whole = parts.map((part) => partExpression(part, '')).join('');
  // A pattern without a query fits an address by its path alone, too.
  const byPath = pattern.includes('?') ? '' : String.raw`|${parts.map((part) => partExpression(part, '?')).join('')}\?.*`;
  return `^https?://[^/?#]+/+(?:${whole}${byPath})$`;
}

/** Wildcards stand for anything but `none`. */
function partExpression(part: string, none: string): string {
  if (!part.includes('*')) return escape(part);
  const anything = none === '' ? '.*' : `[^${none}]*`;
  if (part === '*') return `[^/${none}]*`;
  if (part.startsWith('/')) return `(?:/${anything})?`;
  return part.endsWith('/') ? `(?:${anything}/)?` : anything;
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
