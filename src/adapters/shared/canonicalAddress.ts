/** Parameters that name the reader or the way here, never the page. */
const foreignParameter = /^(?:utm_\w+|gclid|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_hs(?:enc|mi)|_ga|_gl|vero_id|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken)$/i;
/** Sessions of Java servers stand in the path. */
const pathSession = /;jsessionid=[^/;]*/gi;

export interface CanonicalOptions {
  /** Addresses that differ only after "?" are one. */
  readonly ignoreQuery?: boolean;
}

/**
 * The one form of all addresses that name the same page, as far as their text tells: scheme, host and port as browsers write them, no
 * fragment, dot segments resolved, escapes in one spelling, no tracking or session parameters. The order of parameters is kept: it may matter.
 * Undefined for what is not an http or https address, or carries credentials.
 */
export function canonicalAddress(text: string, base?: string, options: CanonicalOptions = {}): string | undefined {
  const url = URL.parse(text.trim(), base);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.replace(/\.+$/, '');
  url.pathname = oneSpelling(url.pathname).replaceAll(pathSession, '');
  url.search = options.ignoreQuery === true ? '' : oneSpelling(ownParameters(url.search));
  return url.href;
}

function ownParameters(search: string): string {
  return search
    .split('&')
    // A doubled mark belongs to no name; what assigns a query would take it away later.
    .map((part) => part.replace(/^\?+/, ''))
    .filter((part) => part !== '' && !foreignParameter.test(part.split('=', 1)[0] ?? ''))
    .join('&');
}

/** `%7e` is `~` and `%c3` is `%C3`: letters, digits and `-._~` need no escape, and all others are written in capitals. */
function oneSpelling(text: string): string {
  for (let before = text; ; ) {
    const after = before.replace(/%[0-9a-f]{2}/gi, (escape) => {
      const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
    });
    // After a stray "%" a letter that came out of an escape may make another.
    if (after === before) return after;
    before = after;
  }
}
