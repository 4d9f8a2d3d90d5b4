import { z } from 'zod';
import { commaList } from './commaList.ts';

/** A secret key under a name that may be told. */
export interface NamedKey {
  readonly id: string;
  readonly key: Uint8Array;
}

const leastBytes = 32;
const entry = /^([a-z0-9][a-z0-9-]{0,31}):([A-Za-z0-9+/_-]+={0,2})$/;

/** `2026-11:BASE64,2026-05:BASE64`: keys of at least 32 bytes by name. Wrong entries are told by their place, never by what they hold. */
export const keyList = z.string().optional().transform((text, context): readonly NamedKey[] => {
  const keys = commaList(text).map((part, index): NamedKey => {
    const [, id = '', body = ''] = entry.exec(part) ?? [];
    const key = new Uint8Array(Buffer.from(body, 'base64'));
    if (key.length < leastBytes) context.addIssue({ code: 'custom', message: `holds as number ${index + 1} something else than NAME:KEY, a name of lower-case letters, digits and "-" and a key of at least ${leastBytes} bytes in base64` });
    return { id, key };
  });
  const ids = keys.map(({ id }) => id);
  if (new Set(ids).size < ids.length) context.addIssue({ code: 'custom', message: 'names two keys alike' });
  return keys;
});
