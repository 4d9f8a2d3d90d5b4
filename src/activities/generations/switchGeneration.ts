import { CatalystError } from '../../contracts/errors.ts';
import type { ChangeScope, Generation, IndexDecision } from '../../contracts/generations.ts';
import type { Failure } from '../../contracts/failure.ts';
import { wayBack } from '../../generations/wayBack.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { followChanges, followToEnd } from './followChanges.ts';
import { isSameMake } from './makes.ts';

/**
 * Has the generation follow, and then, while nobody writes for a moment, follow the rest, and has the alias lead to it: its own, or that of
 * `tenant`, who comes back to the shared one. Searches go on all the while. Safe to repeat: what was done is found done.
 */
export async function switchGeneration(dependencies: GenerationDependencies, scope: ChangeScope, kind: IndexDecision['kind'], id: string, tenant: string | null, context: ActivityContext): Promise<void> {
  const { generations, generationIndex, lifecycle, emit } = dependencies;
  const target = await generations.find(id);
  const whose = target?.tenant ?? tenant;
  if (target?.state === 'serving' && whose === target.tenant) return;
  if (kind === 'compaction' && target !== undefined) await requireSameMake(dependencies, target, whose);
  await followToEnd(dependencies, id, context);
  let stoodStillAt = 0;
  let followed = 0;
  const returning = await generations.listReturning(id);
  await generations.switchTo(id, whose, new Date(Date.now() + lifecycle.graceMs), async () => {
    stoodStillAt = performance.now();
    // The switch holds the record in which tokens are counted: what the last changes take is not counted, since it would wait for itself.
    const rest = await followChanges({ ...dependencies, generations: { ...generations, spendTokens: () => Promise.resolve() } }, id);
    if (!rest.current) throw new CatalystError('REGISTRY_UNAVAILABLE', `The generation ${id} has too much left to follow.`);
    followed = rest.followed;
    await generationIndex.pointAliasAt(id, whose, returning);
  });
  // Done before, by a try whose answer was lost.
  if (stoodStillAt === 0) return;
  const stillMs = performance.now() - stoodStillAt;
  const because = [`${followed} documents changed at the last moment.`];
  await generations.recordDecision({ kind, decision: 'switched', because, by: scope.by, generation: id, tenant: whose, statistics: null, stillMs, report: null });
  emit({ type: 'index.switched', kind, generation: id, tenant: whose, stillMs, followed });
}

/** A compaction changes nothing of what is found: where the index was led back meanwhile to another model or cutting, it would undo that. */
async function requireSameMake({ generations, generationIndex }: GenerationDependencies, target: Generation, tenant: string | null): Promise<void> {
  const id = await generationIndex.serving(tenant);
  const serving = id === undefined ? undefined : await generations.find(id);
  if (serving !== undefined && !isSameMake(target, serving)) throw new CatalystError('CONFLICT', `The index was led to ${serving.id} meanwhile, which is of another model or cutting than ${target.id}.`);
}

/** The generation that served before the present one, while it is kept. Throws CONFLICT where there is none. */
export async function planRollback({ generations }: Pick<GenerationDependencies, 'generations'>, tenant: string | null): Promise<{ readonly generation: string }> {
  const generation = wayBack(await generations.list(), tenant);
  if (generation === undefined) throw new CatalystError('CONFLICT', 'No generation is kept that served before: there is no way back.');
  return { generation };
}

/** A change that came to nothing before it had a generation, or without touching one: so that whoever waits for it hears of it. */
export async function failChange({ generations, emit }: GenerationDependencies, { by }: ChangeScope, kind: IndexDecision['kind'], tenant: string | null, failure: Failure): Promise<void> {
  await generations.recordDecision({ kind, decision: 'abandoned', because: [failure.message], by, generation: null, tenant, statistics: null, stillMs: null, report: null });
  emit({ type: 'index.failed', kind, tenant, code: failure.code, detail: failure.message });
}

/** Gives up a generation that never served; it is dropped with those that are retired. */
export async function abandonGeneration({ generations, emit }: GenerationDependencies, { by }: ChangeScope, id: string, failure: Failure, kind: IndexDecision['kind'] = 'compaction'): Promise<void> {
  const tenant = (await generations.find(id))?.tenant ?? null;
  await generations.markAbandoned(id, failure);
  await generations.recordDecision({ kind, decision: 'abandoned', because: [failure.message], by, generation: id, tenant, statistics: null, stillMs: null, report: null });
  emit({ type: 'index.abandoned', generation: id, tenant, code: failure.code, detail: failure.message });
}
