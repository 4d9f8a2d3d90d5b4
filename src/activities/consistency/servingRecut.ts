import type { ActivityDependencies } from '../dependencies.ts';

/** By which the passages that the tenant's searches find were cut anew (`Recut.id`); null: they are as they came. */
export async function servingRecut({ generationIndex }: Pick<ActivityDependencies, 'generationIndex'>, tenant: string): Promise<string | null> {
  const serving = await generationIndex.serving(tenant);
  const recut = serving === undefined ? null : await generationIndex.recutOf(serving);
  return recut?.id ?? null;
}
