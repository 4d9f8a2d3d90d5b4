import { contractFingerprint } from '../../contracts/embedding.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOfJson } from '../../contracts/identifiers.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ReceiptContent } from '../../contracts/receipts.ts';
import type { SearchRequest } from '../../contracts/search.ts';
import type { SearchHistory } from '../../ports/searchHistory.ts';
import { timeText } from '../moment.ts';
import type { Found, ReadPath } from '../readPath.ts';
import { createSearch } from '../search.ts';
import type { Search } from '../search.ts';
import type { SearchSettings } from '../settings.ts';
import { receiptLinesOf } from './receiptLines.ts';
import type { ReceiptSeal } from './receiptSeal.ts';

export interface ReceiptDependencies {
  readonly read: Pick<ReadPath, 'query' | 'settings' | 'momentOf'>;
  readonly history: SearchHistory;
  readonly contract: EmbeddingContract;
  /** The generation of the index that searches of a tenant read. */
  readonly serving: (tenant: string) => Promise<string | undefined>;
  readonly seal: ReceiptSeal;
}

/**
 * The same search; where a receipt is asked for, one as of this very moment (or the time that the request names), exact, and with a sealed
 * account of all that it went by. Without a receipt nothing is added.
 */
export function createReceiptedSearch(dependencies: ReceiptDependencies): Search {
  const search = createSearch(dependencies.read);
  return async (principal, { receipt, ...request }) => {
    if (receipt !== true) return search(principal, request);
    if (request.cursor !== undefined) throw new CatalystError('INVALID_REQUEST', '/receipt: A receipt is of a first page.', { problems: [{ pointer: '/receipt', code: 'unsupported', detail: 'A further page has no receipt of its own.' }] });
    const moment = (await dependencies.read.momentOf(principal, request)) ?? (await dependencies.history.read(principal.tenant)).moment;
    const { found, generation } = await ofOneGeneration(dependencies, principal, () => dependencies.read.query(principal, request, dependencies.read.settings, { moment }));
    const content = await contentOf(dependencies, principal, request, { found, generation, moment });
    return { ...found.response, receipt: dependencies.seal.seal(content) };
  };
}

interface Searched {
  readonly found: Found;
  readonly generation: string;
}

/** Searches once more where the alias was led elsewhere meanwhile. */
export async function ofOneGeneration({ serving }: Pick<ReceiptDependencies, 'serving'>, { tenant }: Principal, search: () => Promise<Found>): Promise<Searched> {
  for (let before = await serving(tenant); ; ) {
    const found = await search();
    const after = await serving(tenant);
    if (before !== undefined && before === after) return { found, generation: before };
    if (after === undefined) throw new CatalystError('INDEX_UNAVAILABLE', 'The index has no generation that serves.');
    before = after;
  }
}

async function contentOf({ contract }: Pick<ReceiptDependencies, 'contract'>, { tenant, policies, limits }: Principal, request: SearchRequest, { found, generation, moment }: Searched & { readonly moment: number }): Promise<ReceiptContent> {
  const { dense, sparse } = found.query;
  // Facets are no part of a receipt: without them the results are what they would be.
  const degraded = found.response.degradations.flatMap(({ part }) => (part === 'facets' ? [] : [part]));
  const content: ReceiptContent = {
    version: 1,
    tenant,
    asOf: timeText(moment),
    request,
    caller: { policies: [...new Set(policies)].sort(), tiers: limits?.tiers === undefined ? null : [...limits.tiers] },
    generation,
    contract: contractFingerprint(contract),
    settings: receiptSettings(found.settings),
    rerank: found.rerank,
    boosts: found.applied.boosts,
    tenantSettings: found.applied.revision,
    synonyms: found.synonyms.length === 0 ? null : digestOfJson(found.synonyms),
    query: {
      dense: dense === undefined || degraded.includes('dense') ? null : vectorText(await dense),
      sparse: sparse === undefined ? null : { indices: [...sparse.indices], values: [...sparse.values] },
    },
    degraded,
    results: receiptLinesOf(found),
  };
  // As JSON carries it to the caller and back: what is undefined is not there.
  return JSON.parse(JSON.stringify(content)) as ReceiptContent;
}

export function receiptSettings({ fusion, legDepth, poolSize, maximumRounds }: SearchSettings): ReceiptContent['settings'] {
  const { method, denseWeight, rankConstant } = fusion;
  return { fusion: { method, denseWeight, rankConstant }, legDepth, poolSize, maximumRounds };
}

function vectorText(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
