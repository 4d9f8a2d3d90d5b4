import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ChangeScope, Generation, IndexDecision } from '../../contracts/generations.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { NewGeneration } from '../../ports/generationRegistry.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { adoptServing, generationNameOf, heldBy, isSameModel, servingOf } from './planCompaction.ts';

/**
 * The generation of the other model to go on with; null: it is not approved, and what it would take stands in the decisions. One that was
 * stopped is taken up, with what may be spent by now. Throws CONFLICT where there is no other model, or another change is under way.
 */
export async function planReindex(dependencies: GenerationDependencies, { changeId, by }: ChangeScope, maximumTokens: number | undefined, tenant: string | null): Promise<{ readonly generation: string | null }> {
  const { generations, generationIndex, emit } = dependencies;
  const shared = await adoptServing(dependencies);
  const known = await generations.list();
  const serving = servingOf(known, shared, tenant);
  if (serving === undefined) throw new CatalystError('CONFLICT', `The tenant "${tenant}" has no collection of its own: it is changed with the shared one.`);
  const { contract } = otherModel(dependencies, serving);
  const unfinished = known.find((generation) => generation.tenant === tenant && (generation.state === 'building' || generation.state === 'ready'));
  const held = heldBy({ tenant, takeBack: [] }, known);
  if (unfinished !== undefined && !isSameModel(unfinished, { contract })) throw new CatalystError('CONFLICT', `The generation ${unfinished.id} of another change is not finished yet.`);
  const { tokens, because } = await estimate(dependencies, await tenantsOf(dependencies, held), contract.model, unfinished);
  const decide = (decision: IndexDecision['decision'], generation: string | null) => generations.recordDecision({ kind: 'reindex', decision, because, by, generation, tenant, statistics: null, stillMs: null, report: null });
  if (maximumTokens === undefined || (unfinished === undefined && maximumTokens < tokens)) {
    because.push(maximumTokens === undefined ? `Nothing was begun: approve it with at least ${tokens} tokens.` : `Nothing was begun: ${maximumTokens} tokens are fewer than it takes.`);
    await decide('estimated', null);
    return { generation: null };
  }
  const generation = unfinished?.id ?? generationNameOf(generationIndex.aliasOf(tenant), contract, changeId);
  if (unfinished === undefined) await generations.begin({ id: generation, reason: `Change to the model ${contract.model}: ${because.join(' ')}`, contract, settings: generationIndex.settings(), maximumTokens, ...held });
  else await generations.allowTokens(generation, maximumTokens);
  await decide('begun', generation);
  emit({ type: 'index.decided', kind: 'reindex', tenant, decision: 'begun', because: because.join(' '), removedRatio: 0, points: 0 });
  return { generation };
}

function otherModel({ models }: GenerationDependencies, serving: Generation): Embedder {
  const other = models.all.find(({ contract }) => contractFingerprint(contract) !== contractFingerprint(serving.contract));
  if (other === undefined) throw new CatalystError('CONFLICT', 'There is no other model: give every process the one that the index is to be changed to, as CATALYST_NEXT_EMBEDDING_*.');
  return other;
}

async function tenantsOf({ generations }: GenerationDependencies, { tenant = null, excluded = [] }: Pick<NewGeneration, 'tenant' | 'excluded'>): Promise<string[]> {
  return tenant === null ? (await generations.listTenants()).filter((name) => !excluded.includes(name)) : [tenant];
}

/** By what the passages of each document were counted as when they were made; the other model may count a little otherwise. */
async function estimate({ generations, prices }: GenerationDependencies, tenants: readonly string[], model: string, unfinished: Generation | undefined): Promise<{ readonly tokens: number; readonly because: string[] }> {
  let [documents, tokens] = [0, 0];
  for (const tenant of tenants) {
    const own = await generations.sumTokens(tenant);
    documents += own.documents;
    tokens += own.tokens;
  }
  const because = [`${documents} documents of ${tokens} tokens are to be embedded by ${model}.`];
  if (prices.perMillionTokens > 0) because.push(`At the price that is set that costs ${((tokens * prices.perMillionTokens) / 1_000_000).toFixed(2)}.`);
  if (unfinished !== undefined) because.push(`${unfinished.filledDocuments} documents are done, for ${unfinished.tokens} tokens.`);
  return { tokens, because };
}

/** It has used up what it may: what was made is kept, and it goes on when more is approved. */
export async function stopReindex({ generations, emit }: GenerationDependencies, { by }: ChangeScope, generation: string, failure: Failure): Promise<void> {
  const tenant = (await generations.find(generation))?.tenant ?? null;
  await generations.recordDecision({ kind: 'reindex', decision: 'stopped', because: [failure.message, failure.remedy], by, generation, tenant, statistics: null, stillMs: null, report: null });
  emit({ type: 'index.stopped', generation, tenant, detail: failure.message });
}
