const longestName = 200;

/**
 * A file name that is safe to store, show and log: without folders, control characters and characters that reorder text;
 * at most 200 characters, the ending kept.
 */
export function safeFileName(given: string | undefined): string {
  const base = (given ?? '').toWellFormed().normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const visible = base.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, '').replace(/\s+/gu, ' ').trim();
  if (/^\.*$/.test(visible)) return 'file';
  if (visible.length <= longestName) return visible;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(visible)?.[0] ?? '';
  return `${visible.slice(0, longestName - ending.length).toWellFormed()}${ending}`;
}

/** The media type as declared by the part where it is one, else that of unknown bytes; content has the last word anyway. */
export function safeMediaType(given: string | undefined): string {
  const type = (given ?? '').toLowerCase();
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(type) ? type : 'application/octet-stream';
}
