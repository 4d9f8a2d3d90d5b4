import { z } from 'zod';
import { searchModes, searchModeSchema, searchOverridesSchema } from '../../../src/contracts/search.ts';
import type { SearchMode } from '../../../src/contracts/search.ts';

/** One way to search that is measured; its name is what runs are compared by. */
export const searchConfigurationSchema = z.strictObject({
  name: z.string().min(1),
  mode: searchModeSchema,
  settings: searchOverridesSchema.optional(),
});
export type SearchConfiguration = z.infer<typeof searchConfigurationSchema>;

/** A mode as the service is configured, named like the mode. */
export function plainConfiguration(mode: SearchMode): SearchConfiguration {
  return { name: mode, mode };
}

/** A configuration that changes nothing but the mode. */
export function isPlain({ settings }: SearchConfiguration): boolean {
  return settings === undefined;
}

/** In the order in which people read them. */
export const allModes: readonly SearchMode[] = ['dense', 'sparse', 'hybrid'];
export const isMode = (name: string): name is SearchMode => (searchModes as readonly string[]).includes(name);
