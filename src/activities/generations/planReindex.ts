import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { ChangeScope, Generation, IndexDecision } from '../../contracts/generations.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { Failure } from '../../contracts/failure.ts';
import { isSameChunker } from '../../contracts/recut.ts';
import type { Chunker } from '../../contracts/recut.ts';
import type { NewGeneration } from '../../ports/generationRegistry.ts';
import { chooseLayout } from './chooseLayout.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { heldTenants } from './heldTenants.ts';
import { chunkersOf, isCutting, isSameModel } from './makes.ts';
import { forbiddingTenants, tellForbidding } from './forbiddingTenants.ts';
import { adoptServing, changeNameOf, generationNameOf, heldBy, servingOf, unfinishedOf } from './planCompaction.ts';
import { abandonGeneration } from './switchGeneration.ts';

export interface ReindexPlan {
  /** What it may cost; undefined: it is only estimated. */
  readonly maximumTokens: number | undefined;
  /** Whose own collection; null: the shared one. */
  readonly tenant: string | null;
  /** To the other chunker rather than to the other model. */
  readonly recut: boolean;
  /** What was stopped is not wanted any more. */
  readonly giveUp: boolean;
}

/**
 * The generation of the other model or chunker to go on with; null: it is not approved, or something stands in its way, and what it would take
 * or what that is stands in the decisions. One that was stopped is taken up, with what may be spent by now.
 */
export async function planReindex(dependencies: GenerationDependencies, { changeId, by }: ChangeScope, plan: ReindexPlan): Promise<{ readonly generation: string | null }> {
  const { generations, generationIndex, emit } = dependencies;
  const { tenant, maximumTokens, giveUp } = plan;
  const decide = (decision: IndexDecision['decision'], because: readonly string[], generation: string | null = null) => generations.recordDecision({ kind: 'reindex', decision, because, by, generation, tenant, statistics: null, stillMs: null, report: null });
  const stopped = giveUp ? unfinishedOf(await generations.list(), tenant) : undefined;
  if (stopped?.maximumTokens != null) {
    await abandonGeneration(dependencies, { changeId, by }, stopped.id, toFailure(new CatalystError('CANCELLED', `The change to ${stopped.id} was given up.`)), 'reindex');
    return { generation: null };
  }
  const change = giveUp ? { obstacle: 'There is no change that waits to go on.' } : await findChange(dependencies, plan);
  if ('obstacle' in change) {
    await decide('nothing to do', [change.obstacle]);
    return { generation: null };
  }
  const { serving, contract, chunker, unfinished, held } = change;
  const { documents, tokens, inAll, because } = await estimate(dependencies, change);
  if (maximumTokens === undefined || (unfinished === undefined && maximumTokens < tokens)) {
    await decide('estimated', [...because, maximumTokens === undefined ? `Nothing was begun: approve it with at least ${inAll} tokens${unfinished === undefined ? '' : ', those that are spent included'}.` : `Nothing was begun: ${maximumTokens} tokens are fewer than it takes.`]);
    return { generation: null };
  }
  const layout = await chooseLayout(dependencies, { tenant, takeBack: [] }, { serving, points: (await generationIndex.statistics(serving.id))?.points ?? 0, contract });
  const generation = unfinished?.id ?? generationNameOf(generationIndex.aliasOf(tenant), contract, changeId);
  const recut = chunker === null ? serving.recut : { id: changeNameOf(changeId), chunker };
  if (unfinished === undefined) await generations.begin({ id: generation, reason: `${toWhat(change)}: ${because.join(' ')}`, contract, recut, settings: { ...layout.record, expectedDocuments: documents }, maximumTokens, ...held });
  else await generations.allowTokens(generation, maximumTokens);
  await decide('begun', because, generation);
  emit({ type: 'index.decided', kind: 'reindex', tenant, decision: 'begun', because: because.join(' '), removedRatio: 0, points: 0 });
  return { generation };
}

function toWhat({ contract, chunker }: Pick<Change, 'contract' | 'chunker'>): string {
  return chunker === null ? `Change to the model ${contract.model}` : 'Change to another chunker';
}

interface Change {
  readonly serving: Generation;
  /** Of the other model, or of the same one where the chunker changes. */
  readonly contract: EmbeddingContract;
  /** Null: documents stay cut as they are. */
  readonly chunker: Chunker | null;
  readonly unfinished: Generation | undefined;
  readonly held: Pick<NewGeneration, 'tenant' | 'excluded'>;
  readonly tenants: readonly string[];
}

/** From which generation to which model or chunker, and for whom; or why not, in a sentence. */
async function findChange(dependencies: GenerationDependencies, { tenant, recut }: ReindexPlan): Promise<Change | { readonly obstacle: string }> {
  const shared = await adoptServing(dependencies);
  const known = await dependencies.generations.list();
  const serving = servingOf(known, shared, tenant);
  if (serving === undefined) return { obstacle: `The tenant "${tenant}" has no collection of its own: it is changed with the shared one.` };
  const other = recut ? dependencies.models.of(serving.contract) : dependencies.models.all.find((model) => !isSameModel(model, serving));
  if (other === undefined) return { obstacle: 'There is no other model: give every process the one that the index is to be changed to, as CATALYST_NEXT_EMBEDDING_*. To have documents cut anew, ask for that.' };
  const { contract } = other;
  const chunker = recut ? chunkersOf(dependencies).next : null;
  const unfinished = unfinishedOf(known, tenant);
  if (unfinished !== undefined && !fits(unfinished, contract, chunker)) return { obstacle: `The generation ${unfinished.id} of another change is not finished yet.` };
  const held = heldBy({ tenant, takeBack: [] }, known);
  const tenants = await heldTenants(dependencies.generations, { tenant, excluded: [...(held.excluded ?? [])] });
  const forbidding = await forbiddingTenants(dependencies, tenants, contract.model);
  if (forbidding.length > 0) return { obstacle: tellForbidding(forbidding, contract.model) };
  return { serving, contract, chunker, unfinished, held, tenants };
}

/** Whether a generation that is not finished is that of this change. */
function fits(unfinished: Generation, contract: EmbeddingContract, chunker: Chunker | null): boolean {
  if (!isSameModel(unfinished, { contract })) return false;
  if (chunker === null) return !isCutting(unfinished);
  return isCutting(unfinished) && unfinished.recut !== null && isSameChunker(unfinished.recut.chunker, chunker);
}

/** By what the passages of each document were counted as when they were made; another model or chunker may come to a little more or less. */
async function estimate({ generations, prices }: GenerationDependencies, { tenants, contract: { model }, chunker, unfinished }: Change): Promise<{ readonly documents: number; readonly tokens: number; /** With what is spent already. */ readonly inAll: number; readonly because: string[] }> {
  let [documents, tokens] = [0, 0];
  for (const tenant of tenants) {
    const own = await generations.sumTokens(tenant);
    documents += own.documents;
    tokens += own.tokens;
  }
  const cut = chunker === null ? '' : `cut anew into passages of up to ${chunker.maximumTokens} tokens, of which ${chunker.overlapTokens} may be shared, and `;
  const because = [`${documents} documents of ${tokens} tokens are to be ${cut}embedded by ${model}.`];
  if (prices.perMillionTokens > 0) because.push(`At the price that is set that costs ${((tokens * prices.perMillionTokens) / 1_000_000).toFixed(2)}.`);
  if (unfinished !== undefined) because.push(`${unfinished.filledDocuments} documents are done, for ${unfinished.tokens} tokens.`);
  const done = Math.min(1, (unfinished?.filledDocuments ?? 0) / Math.max(1, documents));
  return { documents, tokens, inAll: (unfinished?.tokens ?? 0) + Math.ceil(tokens * (1 - done)) + Math.ceil((tokens / Math.max(1, documents)) * (unfinished?.pendingChanges ?? 0)), because };
}

/** It has used up what it may: what was made is kept, and it goes on when more is approved. */
export async function stopReindex({ generations, emit }: GenerationDependencies, { by }: ChangeScope, generation: string, failure: Failure): Promise<void> {
  const tenant = (await generations.find(generation))?.tenant ?? null;
  await generations.recordDecision({ kind: 'reindex', decision: 'stopped', because: [failure.message, failure.remedy], by, generation, tenant, statistics: null, stillMs: null, report: null });
  emit({ type: 'index.stopped', generation, tenant, detail: failure.message });
}
