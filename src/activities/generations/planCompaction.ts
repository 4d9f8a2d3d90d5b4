import { contractFingerprint } from '../../contracts/embedding.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ChangeScope, Generation, IndexStatistics } from '../../contracts/generations.ts';
import { toFailure } from '../../contracts/failure.ts';
import { settingsOfBefore } from '../../contracts/indexSettings.ts';
import { decideCompaction } from '../../generations/decideCompaction.ts';
import type { CompactionDecision } from '../../generations/decideCompaction.ts';
import { toIndexStatistics } from '../../generations/indexStatistics.ts';
import type { NewGeneration } from '../../ports/generationRegistry.ts';
import { chooseLayout } from './chooseLayout.ts';
import { canFinish, isSameMake } from './makes.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { abandonGeneration } from './switchGeneration.ts';

/** How long it is told what became of the index. */
const historyMs = 365 * 86_400_000;

export interface CompactionRequest {
  readonly force: boolean;
  /** Whose own collection; null: the shared one. */
  readonly tenant: string | null;
  /** Tenants with a collection of their own that the shared one is to hold again. */
  readonly takeBack: readonly string[];
}

export interface CompactionPlan {
  /** The generation to go on with; null: there is nothing to do, and why stands in the decisions. */
  readonly generation: string | null;
  /** Tenants that are to have a collection of their own, each to be looked at by itself. */
  readonly dedicated: readonly string[];
}

/** What is to be made anew, and why. A generation that an earlier change left unfinished is taken up. */
export async function planCompaction(dependencies: GenerationDependencies, { changeId, by }: ChangeScope, request: CompactionRequest): Promise<CompactionPlan> {
  const { generations, generationIndex, emit } = dependencies;
  const dedicated = generationIndex.dedicatedTenants;
  const { tenant } = request;
  if (tenant !== null && !dedicated.includes(tenant)) throw new CatalystError('CONFLICT', `The tenant "${tenant}" is to have no collection of its own: CATALYST_DEDICATED_TENANTS does not name it.`);
  const shared = await adoptServing(dependencies);
  await generations.forgetBefore(new Date(Date.now() - historyMs));
  const known = await generations.list();
  const unfinished = unfinishedOf(known, tenant);
  const serving = servingOf(known, shared, tenant);
  const { contract, recut } = serving ?? shared;
  if (unfinished !== undefined && isSameMake(unfinished, { contract, recut })) return { generation: unfinished.id, dedicated };
  if (unfinished !== undefined && unfinished.maximumTokens !== null && canFinish(dependencies, unfinished)) {
    const because = [`A change to another model or chunker is under way (${unfinished.id}).`];
    await generations.recordDecision({ kind: 'compaction', decision: 'nothing to do', because, by, generation: null, tenant, statistics: null, stillMs: null, report: null });
    return { generation: null, dedicated };
  }
  // Its model or chunker was taken away, so that nobody can finish it; or it was a compaction of what the index was led back from since.
  if (unfinished !== undefined) await abandonGeneration(dependencies, { changeId, by }, unfinished.id, toFailure(new CatalystError('EMBEDDING_CONTRACT_MISMATCH', `The model or chunker of the generation ${unfinished.id} is not configured, or not that of the index, any more.`)), unfinished.maximumTokens === null ? 'compaction' : 'reindex');
  const statistics = serving === undefined ? null : await statisticsOf(dependencies, serving);
  const layout = await chooseLayout(dependencies, request, { serving, points: statistics?.points ?? 0, contract });
  const { compact, because } = decide(dependencies, request, statistics, layout.misfits);
  const generation = compact ? generationNameOf(generationIndex.aliasOf(tenant), contract, changeId) : null;
  if (generation !== null) await generations.begin({ id: generation, reason: `Compaction: ${because.join(' ')}`, contract, recut, settings: layout.record, ...heldBy(request, known) });
  const decision = compact ? 'begun' : 'nothing to do';
  await generations.recordDecision({ kind: 'compaction', decision, because, by, generation, tenant, statistics, stillMs: null, report: null });
  emit({ type: 'index.decided', kind: 'compaction', tenant, decision, because: because.join(' '), removedRatio: statistics?.removedRatio ?? 0, points: statistics?.points ?? 0 });
  return { generation, dedicated };
}

function decide({ lifecycle }: GenerationDependencies, { force, tenant, takeBack }: CompactionRequest, statistics: IndexStatistics | null, misfits: readonly string[]): CompactionDecision {
  if (statistics === null) return { compact: true, because: [`The tenant ${tenant} is to have a collection of its own, and is in the shared one.`] };
  if (takeBack.length > 0) return { compact: true, because: [`It is to hold ${takeBack.join(', ')} again.`] };
  return decideCompaction(statistics, lifecycle.compaction, force, misfits);
}

/** Of the shared one: all tenants but those that have moved, as far as they do not come back. Throws CONFLICT where one that is to come back has not moved. */
export function heldBy({ tenant, takeBack }: Pick<CompactionRequest, 'tenant' | 'takeBack'>, known: readonly Generation[]): Pick<NewGeneration, 'tenant' | 'excluded' | 'takesBack'> {
  if (tenant !== null) return { tenant };
  const moved = known.flatMap((generation) => (generation.tenant !== null && generation.state === 'serving' ? [generation.tenant] : []));
  const strangers = takeBack.filter((name) => !moved.includes(name));
  if (strangers.length > 0) throw new CatalystError('CONFLICT', `${strangers.join(', ')}: not served by a collection of its own, so that there is nothing to take back.`);
  return { excluded: moved.filter((name) => !takeBack.includes(name)), takesBack: takeBack };
}

/** Of a tenant that has not moved yet there is none. */
export function servingOf(known: readonly Generation[], shared: Generation, tenant: string | null): Generation | undefined {
  return tenant === null ? shared : known.find((generation) => generation.tenant === tenant && generation.state === 'serving');
}

/** The one of a change that was begun and has not come to its end. */
export function unfinishedOf(known: readonly Generation[], tenant: string | null): Generation | undefined {
  return known.find((generation) => generation.tenant === tenant && (generation.state === 'building' || generation.state === 'ready'));
}

/** The name of the generation that a change makes: always the same one, however often it is begun. */
export function generationNameOf(alias: string, contract: EmbeddingContract, changeId: string): string {
  return `${alias}_${contractFingerprint(contract)}_${changeNameOf(changeId)}`;
}

/** Enough of a change to tell it from others. */
export function changeNameOf(changeId: string): string {
  return changeId.replaceAll('-', '').slice(-12);
}

async function statisticsOf({ generations, generationIndex }: GenerationDependencies, serving: Generation): Promise<IndexStatistics> {
  const found = await generationIndex.statistics(serving.id);
  if (found === undefined) throw new CatalystError('CONFLICT', `There is no collection ${serving.id}.`);
  return toIndexStatistics(found, await generations.countRemoved(new Date(serving.createdAt), serving));
}

/** The record of what the shared alias leads to; made where a start has made the generation. Throws CONFLICT where the registry knows another to serve. */
export async function adoptServing({ generations, generationIndex }: Pick<GenerationDependencies, 'generations' | 'generationIndex'>) {
  const id = await generationIndex.serving();
  const contract = id === undefined ? undefined : await generationIndex.contractOf(id);
  if (id === undefined || contract === undefined) throw new CatalystError('CONFLICT', `The alias ${generationIndex.alias} leads to no generation of this product yet.`);
  const known = (await generations.find(id)) ?? (await generations.adopt({ id, reason: 'It was there at the start.', contract, recut: (await generationIndex.recutOf(id)) ?? null, settings: generationIndex.describe((await generationIndex.settingsOf(id)) ?? settingsOfBefore) }));
  if (known === undefined) throw new CatalystError('CONFLICT', `The alias ${generationIndex.alias} leads to ${id}, but another generation is recorded as serving.`);
  return known;
}
