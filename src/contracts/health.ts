import { z } from 'zod';

export const dependencyHealthSchema = z.object({ name: z.string(), ok: z.boolean(), optional: z.boolean().default(false).meta({ description: 'The product goes on without it, with less.' }), latencyMs: z.number(), ageMs: z.int().optional().meta({ description: 'How long ago this was seen: where a check hangs, it is of the one before.' }), detail: z.string().nullable(), remedy: z.string().nullable() });
export type DependencyHealth = z.infer<typeof dependencyHealthSchema>;
export const readinessSchema = z.object({ status: z.enum(['ready', 'degraded', 'unavailable']).meta({ description: 'degraded: only optional dependencies do not answer; requests are served.' }), dependencies: z.array(dependencyHealthSchema) }).meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readinessSchema>;
