/**
 * Why an include or exclude pattern can match nothing at all, as a sentence without its full stop; undefined for one that can.
 * Patterns are compared with the path and query of addresses, or with keys of objects.
 */
export function patternObjection(pattern: string): string | undefined {
  if (pattern.trim() !== pattern) return 'A pattern neither begins nor ends with a space';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern)) return 'A pattern is compared with the path alone: leave out the scheme and the host, as in "/docs/**"';
  return undefined;
}
