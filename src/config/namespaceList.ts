import { z } from 'zod';
import { tenantSchema } from '../contracts/identifiers.ts';
import { commaList } from './commaList.ts';

const entry = /^([^:]+):([A-Za-z0-9][A-Za-z0-9._-]{1,254})$/;

/** `acme:catalyst-acme,globex:catalyst-globex`: tenants whose workflows run in a Temporal namespace of their own. */
export const namespaceList = z.string().optional().transform((text, context): Readonly<Record<string, string>> => {
  const pairs = commaList(text).map((part) => {
    const [, tenant = '', namespace = ''] = entry.exec(part) ?? [];
    if (!tenantSchema.safeParse(tenant).success) context.addIssue({ code: 'custom', message: `holds "${part.slice(0, 100)}", which is not TENANT:NAMESPACE` });
    return [tenant, namespace] as const;
  });
  for (const [index, what] of (['tenant', 'namespace'] as const).entries()) {
    const named = pairs.map((pair) => pair[index]);
    if (new Set(named).size < named.length) context.addIssue({ code: 'custom', message: `names a ${what} twice` });
  }
  return Object.fromEntries(pairs);
});
