import type { GenerationRegistry } from '../../ports/generationRegistry.ts';

/** Tenants whose points a generation is to hold, in order of name. */
export async function heldTenants(generations: Pick<GenerationRegistry, 'find' | 'listTenants'>, id: string): Promise<string[]> {
  const generation = await generations.find(id);
  if (generation === undefined) return [];
  return (await generations.listTenants()).filter((tenant) => (generation.tenant === null ? !generation.excluded.includes(tenant) : generation.tenant === tenant));
}
