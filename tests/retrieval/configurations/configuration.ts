import { z } from 'zod';
import { rerankChoices, searchModes, searchModeSchema, searchOverridesSchema } from '../../../src/contracts/search.ts';
import type { SearchMode } from '../../../src/contracts/search.ts';

/** One way to search that is measured; its name is what runs are compared by. */
export const searchConfigurationSchema = z.strictObject({
  name: z.string().min(1),
  mode: searchModeSchema,
  rerank: z.enum(rerankChoices).optional(),
  settings: searchOverridesSchema.optional(),
});
export type SearchConfiguration = z.infer<typeof searchConfigurationSchema>;

/** A mode as the service is configured, named like the mode. */
export function plainConfiguration(mode: SearchMode): SearchConfiguration {
  return { name: mode, mode };
}

/** What the reranker of the service adds is seen beside this one. */
const fused: SearchConfiguration = { name: 'fused', mode: 'hybrid', rerank: 'none' };

/** What is measured where nothing else is asked for: the modes, and hybrid search in the order of fusion. */
export function usualConfigurations(modes: readonly SearchMode[]): SearchConfiguration[] {
  return modes.flatMap((mode) => (mode === 'hybrid' ? [fused, plainConfiguration(mode)] : [plainConfiguration(mode)]));
}


/** In the order in which people read them. */
export const allModes: readonly SearchMode[] = ['dense', 'sparse', 'hybrid'];
export const isMode = (name: string): name is SearchMode => (searchModes as readonly string[]).includes(name);
