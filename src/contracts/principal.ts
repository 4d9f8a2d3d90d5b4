import { z } from 'zod';
import { tierSchema } from './documents.ts';
import { tenantSchema } from './identifiers.ts';
import { scopeSchema } from './scopes.ts';
import { rerankerNames } from './search.ts';

/** Who acts: every read and write is scoped by it. */
export const principalSchema = z.object({
  tenant: tenantSchema,
  subject: z.string().min(1).max(255),
  /** As they were claimed, those that are no role of the product included. What is allowed stands in `scopes` alone. */
  roles: z.array(z.string().max(63)).max(50).default([]),
  /** What the caller may do, whether by role or by name; without any: nothing. */
  scopes: z.array(scopeSchema).optional(),
  /** Policy labels the caller holds; a chunk is seen only by callers who hold all of its labels. */
  policies: z.array(z.string().max(63)).max(200).default([]),
  /** What the policy of the tenant leaves of searches; without it nothing is left out. */
  limits: z.object({ tiers: z.array(tierSchema).optional(), rerankers: z.array(z.enum(rerankerNames)).optional() }).optional(),
});
export type Principal = z.infer<typeof principalSchema>;
