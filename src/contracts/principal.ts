import { z } from 'zod';
import { tenantSchema } from './identifiers.ts';

/** Who acts: every read and write is scoped by it. */
export const principalSchema = z.object({
  tenant: tenantSchema,
  subject: z.string().min(1).max(255),
  roles: z.array(z.string().max(63)).max(50).default([]),
  /** Policy labels the caller holds; a chunk is seen only by callers who hold all of its labels. */
  policies: z.array(z.string().max(63)).max(200).default([]),
});
export type Principal = z.infer<typeof principalSchema>;
