import { pointerTo } from '../problems/pointer.ts';

/** JavaScript gives it a meaning of its own: validators pass over it, so that a filter or a value named so would be dropped in silence. */
const forbidden = '__proto__';

/** Whether a body can hold such a key at all, however its letters are escaped: most do not, and need no further look. */
export function mayHoldForbiddenKeys(bytes: Buffer): boolean {
  return bytes.includes(forbidden) || bytes.includes('\\u00');
}

/** JSON pointer of the first forbidden key; undefined where there is none. Without recursion, since depth is the sender's choice. */
export function findForbiddenKey(body: unknown): string | undefined {
  const open: { readonly value: unknown; readonly pointer: string }[] = [{ value: body, pointer: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer } = next;
    if (value === null || typeof value !== 'object') continue;
    if (Object.hasOwn(value, forbidden)) return pointerTo(pointer, [forbidden]);
    for (const [key, inner] of Object.entries(value)) if (inner !== null && typeof inner === 'object') open.push({ value: inner, pointer: pointerTo(pointer, [key]) });
  }
  return undefined;
}
