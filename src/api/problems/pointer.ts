/** JSON pointer (RFC 6901) below a prefix. */
export function pointerTo(prefix: string, path: readonly PropertyKey[]): string {
  return prefix + path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
