import { z } from 'zod';

export const dependencyHealthSchema = z.object({ name: z.string(), ok: z.boolean(), latencyMs: z.number(), detail: z.string().nullable(), remedy: z.string().nullable() });
export type DependencyHealth = z.infer<typeof dependencyHealthSchema>;
export const readinessSchema = z.object({ status: z.enum(['ready', 'unavailable']), dependencies: z.array(dependencyHealthSchema) }).meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readinessSchema>;
