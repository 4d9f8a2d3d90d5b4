import type { DeletionDependencies } from './dependencies.ts';

const unserved: readonly string[] = ['building', 'ready', 'retired', 'abandoned'];

/** Generations that do not serve and may hold points of the tenant: one that is made, waits, or was served by. */
export async function otherGenerations({ generations, generationIndex }: Pick<DeletionDependencies, 'generations' | 'generationIndex'>, tenant: string): Promise<string[]> {
  const found: string[] = [];
  for (const { id, state, tenant: owner } of await generations.list()) {
    if (!unserved.includes(state) || (owner !== null && owner !== tenant)) continue;
    // It may not be made yet, or be dropped already.
    if ((await generationIndex.contractOf(id)) !== undefined) found.push(id);
  }
  return found;
}
