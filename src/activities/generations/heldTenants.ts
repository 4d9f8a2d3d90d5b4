import type { Generation } from '../../contracts/generations.ts';
import type { GenerationRegistry } from '../../ports/generationRegistry.ts';

/** Tenants whose points a generation is to hold, in order of name. */
export async function heldTenants(generations: Pick<GenerationRegistry, 'listTenants'>, { tenant: owner, excluded }: Pick<Generation, 'tenant' | 'excluded'>): Promise<string[]> {
  return (await generations.listTenants()).filter((tenant) => (owner === null ? !excluded.includes(tenant) : owner === tenant));
}
