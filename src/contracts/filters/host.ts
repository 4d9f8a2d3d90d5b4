import { z } from 'zod';

/** The host of a web address as it is stored: lower case, international names in their ASCII form, no port. Undefined where the text is no host. */
export function canonicalHost(text: string): string | undefined {
  if (!/^[^\s/?#@:\\]+$/.test(text) && !/^\[[\da-f:.]+\]$/i.test(text)) return undefined;
  return URL.canParse(`https://${text}`) ? new URL(`https://${text}`).hostname : undefined;
}

export const hostSchema = z
  .string()
  .max(253)
  .refine((text) => canonicalHost(text) !== undefined, 'the name of a host, such as "docs.example.org"');
