/** What stands where bytes were erased; a pattern by position, so that an object that is erased as a whole can be told without keeping a list. */
const pattern = 'erased. ';

/** User metadata of an object with erased parts: under the key of its content it no longer is that content. */
export const erasedMetadata = { 'catalyst-erased': 'true' } as const;

/** Overwrites a part in place. */
export function fill(object: Buffer, offset: number, length: number): void {
  const end = Math.min(object.byteLength, offset + length);
  if (offset < end) object.fill(fillerAt(offset, end - offset), offset, end);
}

/** Whether these bytes, found at `offset` of an object, were erased. No bytes are not. */
export function isErased(bytes: Uint8Array, offset: number): boolean {
  return bytes.byteLength > 0 && fillerAt(offset, bytes.byteLength).equals(bytes);
}

function fillerAt(offset: number, length: number): Buffer {
  const phase = offset % pattern.length;
  return Buffer.alloc(length, pattern.slice(phase) + pattern.slice(0, phase));
}
