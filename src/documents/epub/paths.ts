/** The entry that a reference in a file of the book names, without fragment; undefined for what leads out of the book. */
export function resolveReference(base: string, reference: string): string | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(reference)) return undefined;
  try {
    const url = new URL(reference.replaceAll('\\', '/'), new URL(base.split('/').map(encodeURIComponent).join('/'), 'book:///'));
    return decodeURIComponent(url.pathname.replace(/^\//, ''));
  } catch {
    return undefined;
  }
}
