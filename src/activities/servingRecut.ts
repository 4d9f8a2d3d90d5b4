import type { Recut } from '../contracts/recut.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** By which the passages that the tenant's searches find were cut anew; null: they are as they came. */
export async function servingRecut({ generationIndex }: Pick<ActivityDependencies, 'generationIndex'>, tenant: string): Promise<Recut | null> {
  const serving = await generationIndex.serving(tenant);
  return serving === undefined ? null : ((await generationIndex.recutOf(serving)) ?? null);
}
