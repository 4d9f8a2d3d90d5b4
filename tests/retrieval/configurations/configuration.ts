import { z } from 'zod';
import { searchModes, searchModeSchema } from '../../../src/contracts/search.ts';
import type { SearchMode } from '../../../src/contracts/search.ts';

export const fusionMethods = ['min-max', 'z-score', 'reciprocal-rank'] as const;

/** What a request sets for itself in place of the settings of the service; what is left out stays as it is there. */
export const searchOverridesSchema = z.strictObject({
  fusion: z.strictObject({ method: z.enum(fusionMethods), denseWeight: z.number().min(0).max(1).optional(), rankConstant: z.number().positive().optional() }).optional(),
  /** Hits asked of each leg. */
  legDepth: z.int().min(1).optional(),
});
export type SearchOverrides = z.infer<typeof searchOverridesSchema>;

/** One way to search that is measured; its name is what runs are compared by. */
export const searchConfigurationSchema = z.strictObject({
  name: z.string().min(1),
  mode: searchModeSchema,
  /** As the service decides where it is left out. */
  rerank: z.string().min(1).optional(),
  settings: searchOverridesSchema.optional(),
});
export type SearchConfiguration = z.infer<typeof searchConfigurationSchema>;

/** A mode as the service is configured, named like the mode. */
export function plainConfiguration(mode: SearchMode): SearchConfiguration {
  return { name: mode, mode };
}

/** A configuration that changes nothing but the mode. */
export function isPlain({ rerank, settings }: SearchConfiguration): boolean {
  return rerank === undefined && settings === undefined;
}

/** In the order in which people read them. */
export const allModes: readonly SearchMode[] = ['dense', 'sparse', 'hybrid'];
export const isMode = (name: string): name is SearchMode => (searchModes as readonly string[]).includes(name);
