import { z } from 'zod';
import { tenantSchema } from '../contracts/identifiers.ts';
import { commaList } from './commaList.ts';

const rule = /^(\*|[a-z0-9][a-z0-9_-]{0,62})=([^=;]+)$/;
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `tenantA=bucket1,bucket2;*=bucket3`; the buckets of a tenant named twice add up. */
export const importBucketList = z.string().default('').transform((text, context) => {
  const buckets: Record<string, string[]> = {};
  for (const part of text.split(';').map((piece) => piece.trim()).filter((piece) => piece !== '')) {
    const [, tenant, names] = rule.exec(part) ?? [];
    const list = commaList(names);
    const isKnown = tenant === '*' || tenantSchema.safeParse(tenant).success;
    if (tenant === undefined || !isKnown || list.length === 0 || !list.every((name) => bucketName.test(name))) {
      context.addIssue({ code: 'custom', message: `holds "${part.slice(0, 100)}", which is not TENANT=BUCKET,BUCKET` });
      continue;
    }
    buckets[tenant] = [...(buckets[tenant] ?? []), ...list];
  }
  return buckets;
});
