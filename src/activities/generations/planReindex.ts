import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { ChangeScope, Generation, IndexDecision } from '../../contracts/generations.ts';
import type { Failure } from '../../contracts/failure.ts';
import { modelProblems } from '../../contracts/policyRules.ts';
import type { NewGeneration } from '../../ports/generationRegistry.ts';
import { chooseLayout } from './chooseLayout.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { heldTenants } from './heldTenants.ts';
import { adoptServing, generationNameOf, heldBy, isSameModel, servingOf, unfinishedOf } from './planCompaction.ts';

/**
 * The generation of the other model to go on with; null: it is not approved, or something stands in its way, and what it would take or what
 * that is stands in the decisions. One that was stopped is taken up, with what may be spent by now.
 */
export async function planReindex(dependencies: GenerationDependencies, { changeId, by }: ChangeScope, maximumTokens: number | undefined, tenant: string | null): Promise<{ readonly generation: string | null }> {
  const { generations, generationIndex, emit } = dependencies;
  const decide = (decision: IndexDecision['decision'], because: readonly string[], generation: string | null = null) => generations.recordDecision({ kind: 'reindex', decision, because, by, generation, tenant, statistics: null, stillMs: null, report: null });
  const change = await findChange(dependencies, tenant);
  if ('obstacle' in change) {
    await decide('nothing to do', [change.obstacle]);
    return { generation: null };
  }
  const { serving, contract, unfinished, held, tenants } = change;
  const { tokens, because } = await estimate(dependencies, tenants, contract.model, unfinished);
  if (maximumTokens === undefined || (unfinished === undefined && maximumTokens < tokens)) {
    await decide('estimated', [...because, maximumTokens === undefined ? `Nothing was begun: approve it with at least ${tokens} tokens.` : `Nothing was begun: ${maximumTokens} tokens are fewer than it takes.`]);
    return { generation: null };
  }
  const layout = await chooseLayout(dependencies, { tenant, takeBack: [] }, { serving, points: (await generationIndex.statistics(serving.id))?.points ?? 0, contract });
  const generation = unfinished?.id ?? generationNameOf(generationIndex.aliasOf(tenant), contract, changeId);
  if (unfinished === undefined) await generations.begin({ id: generation, reason: `Change to the model ${contract.model}: ${because.join(' ')}`, contract, settings: layout.record, maximumTokens, ...held });
  else await generations.allowTokens(generation, maximumTokens);
  await decide('begun', because, generation);
  emit({ type: 'index.decided', kind: 'reindex', tenant, decision: 'begun', because: because.join(' '), removedRatio: 0, points: 0 });
  return { generation };
}

interface Change {
  readonly serving: Generation;
  /** Of the other model. */
  readonly contract: EmbeddingContract;
  readonly unfinished: Generation | undefined;
  readonly held: Pick<NewGeneration, 'tenant' | 'excluded'>;
  readonly tenants: readonly string[];
}

/** From which generation to which model, and for whom; or why not, in a sentence. */
async function findChange(dependencies: GenerationDependencies, tenant: string | null): Promise<Change | { readonly obstacle: string }> {
  const shared = await adoptServing(dependencies);
  const known = await dependencies.generations.list();
  const serving = servingOf(known, shared, tenant);
  if (serving === undefined) return { obstacle: `The tenant "${tenant}" has no collection of its own: it is changed with the shared one.` };
  const other = dependencies.models.all.find((model) => !isSameModel(model, serving));
  if (other === undefined) return { obstacle: 'There is no other model: give every process the one that the index is to be changed to, as CATALYST_NEXT_EMBEDDING_*.' };
  const { contract } = other;
  const unfinished = unfinishedOf(known, tenant);
  if (unfinished !== undefined && !isSameModel(unfinished, { contract })) return { obstacle: `The generation ${unfinished.id} of another change is not finished yet.` };
  const held = heldBy({ tenant, takeBack: [] }, known);
  const tenants = await heldTenants(dependencies.generations, { tenant, excluded: [...(held.excluded ?? [])] });
  const forbidding = await findForbidding(dependencies, tenants, contract.model);
  if (forbidding.length > 0) return { obstacle: `Policies do not allow the model ${contract.model}: those of ${forbidding.slice(0, 5).join(', ')}${forbidding.length > 5 ? ` and ${forbidding.length - 5} more` : ''}.` };
  return { serving, contract, unfinished, held, tenants };
}

/** What a tenant has may not be given to a model that its policy does not name. */
async function findForbidding({ policies }: GenerationDependencies, tenants: readonly string[], model: string): Promise<string[]> {
  const forbidding: string[] = [];
  for (const tenant of tenants) if (modelProblems(await policies.read(tenant), 'embedding', model, '').length > 0) forbidding.push(tenant);
  return forbidding;
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
