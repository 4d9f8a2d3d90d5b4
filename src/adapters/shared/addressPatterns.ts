/** Patterns of a source: `*` stands for anything within a segment, `**` for anything across segments; all else for itself. */
export interface AddressPatterns {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export type Matcher = (subject: string) => boolean;

/** Whether something is wanted: matched by an include pattern (or there are none), and by no exclude pattern. */
export function createFilter(patterns: AddressPatterns): Matcher {
  const include = patterns.include.map(createMatcher);
  const exclude = patterns.exclude.map(createMatcher);
  return (subject) => (include.length === 0 || include.some((matches) => matches(subject))) && !exclude.some((matches) => matches(subject));
}

/** The same for web addresses, by their path and query; a pattern without "?" also fits an address by its path alone. */
export function createAddressFilter(patterns: AddressPatterns): (address: string) => boolean {
  const matcherOf = (pattern: string): Matcher => {
    const matches = createMatcher(pattern);
    return pattern.includes('?') ? matches : (subject) => matches(subject) || matches(subject.split('?', 1)[0] ?? '');
  };
  const include = patterns.include.map(matcherOf);
  const exclude = patterns.exclude.map(matcherOf);
  return (address) => {
    const { pathname, search } = new URL(address);
    const subject = pathname + search;
    return (include.length === 0 || include.some((matches) => matches(subject))) && !exclude.some((matches) => matches(subject));
  };
}

/** Within a segment; across segments; whole folders or none (`**` and "/"), as two positions; nothing or a folder's content ("/" and `**` at the end). */
type Wildcard = { readonly wildcard: 'star' | 'doubleStar' | 'folders' | 'inFolders' | 'below' };
type Token = string | Wildcard;

/**
 * Matches the whole subject. A leading "/" counts for nothing on either side; `a/**` also fits `a`, and `**` before "/" may stand for no folder.
 * Works by sets of positions instead of a regular expression, so that no pattern takes more than its length times the subject's.
 */
export function createMatcher(pattern: string): Matcher {
  const tokens = tokensOf(withoutSlash(readable(pattern)));
  return (subject) => matchTokens(tokens, withoutSlash(readable(subject)));
}

function tokensOf(pattern: string): Token[] {
  const parts = pattern.match(/(?<=^|\/)(?:\*\*+\/)+|\/\*\*+$|\*+|[^*]/gu) ?? [];
  return parts.flatMap((part): Token[] => {
    if (!part.includes('*')) return [part];
    if (part === '*') return [{ wildcard: 'star' }];
    if (part.startsWith('/')) return [{ wildcard: 'below' }, { wildcard: 'doubleStar' }];
    return part.endsWith('/') ? [{ wildcard: 'folders' }, { wildcard: 'inFolders' }] : [{ wildcard: 'doubleStar' }];
  });
}

function matchTokens(tokens: readonly Token[], text: string): boolean {
  // active[at]: the tokens before `at` fit what was read so far.
  let active = new Uint8Array(tokens.length + 1);
  active[0] = 1;
  allowNothing(tokens, active);
  for (const character of text) {
    const next = new Uint8Array(tokens.length + 1);
    if (!readOn(tokens, active, next, character)) return false;
    allowNothing(tokens, next);
    active = next;
  }
  return active[tokens.length] === 1;
}

/** False where nothing fits any more. */
function readOn(tokens: readonly Token[], active: Uint8Array, next: Uint8Array, character: string): boolean {
  for (const [at, token] of tokens.entries()) {
    if (active[at] !== 1) continue;
    if (typeof token === 'string' || token.wildcard === 'below') {
      if (character === (typeof token === 'string' ? token : '/')) next[at + 1] = 1;
    } else if (token.wildcard !== 'folders') {
      if (token.wildcard !== 'star' || character !== '/') next[at] = 1;
      if (token.wildcard === 'inFolders' && character === '/') next[at + 1] = 1;
    }
  }
  return next.includes(1);
}

/** Wildcards stand for nothing, too; in the middle of a folder its end has to come first. */
function allowNothing(tokens: readonly Token[], active: Uint8Array): void {
  for (const [at, token] of tokens.entries()) {
    if (active[at] !== 1 || typeof token === 'string') continue;
    if (token.wildcard === 'below') active[tokens.length] = 1;
    else if (token.wildcard !== 'inFolders') active[at + 1] = 1;
    if (token.wildcard === 'folders') active[at + 2] = 1;
  }
}

function withoutSlash(text: string): string {
  return text.replace(/^\/+/, '');
}

/** Escapes as the letters they stand for, so that patterns may be written as addresses are read; an escaped "/" stays escaped. */
function readable(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
