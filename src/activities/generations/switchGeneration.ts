import { CatalystError } from '../../contracts/errors.ts';
import type { ChangeScope, IndexDecision } from '../../contracts/generations.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { followChanges } from './followChanges.ts';

/**
 * Has the generation follow, and then, while nobody writes for a moment, follow the rest, and has the alias lead to it. Searches go on all the
 * while. Safe to repeat: what was done is found done.
 */
export async function switchGeneration(dependencies: GenerationDependencies, scope: ChangeScope, kind: IndexDecision['kind'], id: string, context: ActivityContext): Promise<void> {
  const { generations, generationIndex, lifecycle, emit } = dependencies;
  if ((await generations.find(id))?.state === 'serving') return;
  await followChanges(dependencies, id, context);
  let stoodStillAt = 0;
  let followed = 0;
  await generations.switchTo(id, new Date(Date.now() + lifecycle.graceMs), async () => {
    stoodStillAt = performance.now();
    const rest = await followChanges(dependencies, id);
    if (!rest.current) throw new CatalystError('REGISTRY_UNAVAILABLE', `The generation ${id} has too much left to follow.`);
    followed = rest.followed;
    await generationIndex.pointAliasAt(id);
  });
  const stillMs = performance.now() - stoodStillAt;
  const because = [`${followed} documents changed at the last moment.`];
  await generations.recordDecision({ kind, decision: 'switched', because, by: scope.by, generation: id, statistics: null, stillMs, report: null });
  emit({ type: 'index.switched', kind, generation: id, stillMs, followed });
}

/** The generation that served before the present one, while it is kept. Throws CONFLICT where there is none. */
export async function planRollback({ generations }: GenerationDependencies): Promise<{ readonly generation: string }> {
  const retired = (await generations.list()).filter(({ state }) => state === 'retired').sort((left, right) => ((left.retiredAt ?? '') < (right.retiredAt ?? '') ? 1 : -1));
  const [last] = retired;
  if (last === undefined) throw new CatalystError('CONFLICT', 'No generation is kept that served before: there is no way back.');
  return { generation: last.id };
}

/** Gives up a generation that never served; it is dropped with those that are retired. */
export async function abandonGeneration({ generations, emit }: GenerationDependencies, { by }: ChangeScope, id: string, failure: Failure, kind: IndexDecision['kind'] = 'compaction'): Promise<void> {
  await generations.markAbandoned(id, failure);
  await generations.recordDecision({ kind, decision: 'abandoned', because: [failure.message], by, generation: id, statistics: null, stillMs: null, report: null });
  emit({ type: 'index.abandoned', generation: id, code: failure.code, detail: failure.message });
}
