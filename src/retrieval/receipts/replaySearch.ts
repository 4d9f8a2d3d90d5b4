import { contractFingerprint } from '../../contracts/embedding.ts';
import { toCatalystError } from '../../contracts/errors.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ReceiptContent, ReplayResponse, SearchReceipt } from '../../contracts/receipts.ts';
import { rerankerNames, searchBoostsSchema, searchRequestSchema } from '../../contracts/search.ts';
import type { RerankerName, SearchRequest } from '../../contracts/search.ts';
import type { AnalysedQuery } from '../candidates/collect.ts';
import type { FusionSettings } from '../fusion/fuse.ts';
import { timeText } from '../moment.ts';
import type { Found } from '../readPath.ts';
import { differencesOf, receiptLinesOf } from './receiptLines.ts';
import { ofOneGeneration } from './receiptedSearch.ts';
import type { ReceiptDependencies } from './receiptedSearch.ts';

export type ReplaySearch = (principal: Principal, receipt: SearchReceipt) => Promise<ReplayResponse>;

type Reason = ReplayResponse['reasons'][number];

/**
 * Runs the search of a receipt once more: as of its time, by its settings, for the vectors that its legs were asked for, and by what the
 * caller may see now. Compares bit by bit, and says what may be why where something differs. Throws RECEIPT_REFUSED.
 */
export function createReplaySearch(dependencies: ReceiptDependencies): ReplaySearch {
  return async (principal, receipt) => {
    const content = dependencies.seal.open(principal.tenant, receipt);
    const { contract, serving } = dependencies;
    if (content.contract !== contractFingerprint(contract)) {
      const reason: Reason = { code: 'model', detail: 'The index has vectors of another embedding contract by now: the search cannot be run again.' };
      return { same: false, asOf: content.asOf, generation: { then: content.generation, now: (await serving(principal.tenant)) ?? '' }, reasons: [reason], differences: [] };
    }
    // Before the search: what it does not find any more was given up by then.
    const { since } = await dependencies.history.read(principal.tenant);
    const again = await searchAgain(dependencies, principal, content);
    if ('code' in again) return { same: false, asOf: content.asOf, generation: { then: content.generation, now: (await serving(principal.tenant)) ?? '' }, reasons: [again], differences: [] };
    const differences = differencesOf(content.results, receiptLinesOf(again.found));
    const generation = { then: content.generation, now: again.generation };
    const reasons = differences.length === 0 ? [] : reasonsFor(principal, content, { since, generation, found: again.found, differences });
    return { same: differences.length === 0, asOf: content.asOf, generation, reasons, differences };
  };
}

/** A reranker that the deployment, or the policy of the tenant, does not have any more is a reason of its own. */
async function searchAgain(dependencies: ReceiptDependencies, principal: Principal, content: ReceiptContent): Promise<{ readonly found: Found; readonly generation: string } | Reason> {
  const request: SearchRequest = { ...searchRequestSchema.parse(content.request), rerank: rerankerOf(content.rerank), asOf: content.asOf };
  const { read } = dependencies;
  const { fusion, ...rest } = content.settings;
  const settings = { ...read.settings, ...rest, fusion: fusion as FusionSettings };
  const given = { moment: Date.parse(content.asOf), again: { query: queryOf(content), boosts: searchBoostsSchema.parse(content.boosts) } };
  try {
    return await ofOneGeneration(dependencies, principal, () => read.query(principal, withoutLostLeg(request, content), settings, given));
  } catch (thrown) {
    const { code, problems, message } = toCatalystError(thrown);
    if (problems.some(({ pointer }) => pointer === '/rerank') && (code === 'INVALID_REQUEST' || code === 'TENANT_POLICY')) return { code: 'reranker', detail: message };
    throw thrown;
  }
}

/** A search that lost its dense leg was one by words alone. */
function withoutLostLeg(request: SearchRequest, { degraded, query }: ReceiptContent): SearchRequest {
  return degraded.includes('dense') && query.dense === null ? { ...request, mode: 'sparse' } : request;
}

function queryOf({ query: { dense, sparse } }: ReceiptContent): AnalysedQuery {
  return { ...(dense === null ? {} : { dense: Promise.resolve(vectorOf(dense)) }), ...(sparse === null ? {} : { sparse }) };
}

function vectorOf(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}

function rerankerOf(name: string): RerankerName {
  return rerankerNames.find((known) => known === name) ?? 'none';
}

interface Compared {
  readonly since: number | null;
  readonly generation: ReplayResponse['generation'];
  readonly found: Found;
  readonly differences: ReplayResponse['differences'];
}

function reasonsFor(principal: Principal, content: ReceiptContent, { since, generation, found, differences }: Compared): Reason[] {
  const reasons: Reason[] = [];
  const tooEarly = since === null || Date.parse(content.asOf) < since;
  if (tooEarly) reasons.push({ code: 'history', detail: since === null ? 'The tenant keeps no history: what was replaced since is gone.' : `History is complete since ${timeText(since)} alone: what was replaced before is gone.` });
  if (!isSameCaller(principal, content)) reasons.push({ code: 'caller', detail: 'The caller holds other labels, or is limited to other tiers, than the one whom the receipt was given to.' });
  const gone = countGone(differences);
  if (gone > 0) reasons.push({ code: 'unavailable', detail: `${gone} of the passages of the receipt are not there for this caller: their documents were deleted since, their labels changed, or others stand in their place.` });
  if (content.degraded.length > 0 || found.response.degraded) reasons.push({ code: 'degraded', detail: 'A part of the search had failed, then or now.' });
  if (content.rerank === 'model') reasons.push({ code: 'reranker', detail: 'The results were ordered by a model that may answer otherwise each time.' });
  if (generation.then !== generation.now) reasons.push({ code: 'generation', detail: 'Another generation of the index is searched.' });
  if (reasons.length === 0) reasons.push({ code: 'release', detail: 'Another release, or another version of Qdrant, may compute otherwise.' });
  return reasons;
}

function isSameCaller({ policies, limits }: Principal, { caller }: ReceiptContent): boolean {
  const now = { policies: [...new Set(policies)].sort(), tiers: limits?.tiers ?? null };
  return JSON.stringify(now) === JSON.stringify(caller);
}

function countGone(differences: Compared['differences']): number {
  const present = new Set(differences.flatMap(({ now }) => now?.chunkId ?? []));
  return differences.filter(({ then }) => then !== null && !present.has(then.chunkId)).length;
}
