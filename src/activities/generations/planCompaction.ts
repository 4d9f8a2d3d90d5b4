import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ChangeScope } from '../../contracts/generations.ts';
import { decideCompaction } from '../../generations/decideCompaction.ts';
import { toIndexStatistics } from '../../generations/indexStatistics.ts';
import type { GenerationDependencies } from './dependencies.ts';

/** How long it is told what became of the index. */
const historyMs = 365 * 86_400_000;

/** The generation to go on with; null: there is nothing to do, and why stands in the decisions. One that an earlier change left unfinished is taken up. */
export async function planCompaction(dependencies: GenerationDependencies, { changeId, by }: ChangeScope, force: boolean): Promise<{ readonly generation: string | null }> {
  const { generations, generationIndex, lifecycle, emit } = dependencies;
  const serving = await adoptServing(dependencies);
  await generations.forgetBefore(new Date(Date.now() - historyMs));
  const unfinished = (await generations.list()).find(({ state }) => state === 'building' || state === 'ready');
  if (unfinished !== undefined) return { generation: unfinished.id };
  const found = await generationIndex.statistics(serving.id);
  if (found === undefined) throw new CatalystError('CONFLICT', `There is no collection ${serving.id}.`);
  const statistics = toIndexStatistics(found, await generations.countRemoved(new Date(serving.createdAt)));
  const { compact, because } = decideCompaction(statistics, lifecycle.compaction, force);
  const generation = compact ? `${generationIndex.alias}_${contractFingerprint(serving.contract)}_${changeId.replaceAll('-', '').slice(-12)}` : null;
  if (generation !== null) await generations.begin({ id: generation, reason: `Compaction: ${because.join(' ')}`, contract: serving.contract, settings: generationIndex.settings() });
  const decision = compact ? 'begun' : 'nothing to do';
  await generations.recordDecision({ kind: 'compaction', decision, because, by, generation, statistics, stillMs: null });
  emit({ type: 'index.decided', kind: 'compaction', decision, because: because.join(' '), removedRatio: statistics.removedRatio, points: statistics.points });
  return { generation };
}

/** The record of what the alias leads to; made where a start has made the generation. Throws CONFLICT where the registry knows another to serve. */
export async function adoptServing({ generations, generationIndex }: Pick<GenerationDependencies, 'generations' | 'generationIndex'>) {
  const id = await generationIndex.serving();
  const contract = id === undefined ? undefined : await generationIndex.contractOf(id);
  if (id === undefined || contract === undefined) throw new CatalystError('CONFLICT', `The alias ${generationIndex.alias} leads to no generation of this product yet.`);
  const known = (await generations.find(id)) ?? (await generations.adopt({ id, reason: 'It was there at the start.', contract, settings: generationIndex.settings() }));
  if (known === undefined) throw new CatalystError('CONFLICT', `The alias ${generationIndex.alias} leads to ${id}, but another generation is recorded as serving.`);
  return known;
}
