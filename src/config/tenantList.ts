import { z } from 'zod';
import { tenantSchema } from '../contracts/identifiers.ts';
import { commaList } from './commaList.ts';

/** `acme,globex`; each once. */
export const tenantList = z.string().optional().transform((text, context): readonly string[] => {
  const tenants = commaList(text);
  const wrong = tenants.filter((tenant) => !tenantSchema.safeParse(tenant).success);
  if (wrong.length > 0) context.addIssue({ code: 'custom', message: `holds "${wrong.join('", "').slice(0, 100)}"; tenants have lower-case letters, digits, "-" and "_"` });
  return [...new Set(tenants)];
});
