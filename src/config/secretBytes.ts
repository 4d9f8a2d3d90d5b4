import { z } from 'zod';

const leastBytes = 32;

/** A key of at least 32 bytes in base64; what is wrong is never told by what it holds. */
export const secretBytes = z.string().optional().transform((text, context): Uint8Array | undefined => {
  if (text === undefined) return undefined;
  const key = new Uint8Array(Buffer.from(text, 'base64'));
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || key.length < leastBytes) context.addIssue({ code: 'custom', message: `is no key of at least ${leastBytes} bytes in base64` });
  return key;
});
