import { createLayeredCache } from '../../adapters/cache/layeredCache.ts';
import { responseCodec } from '../../adapters/cache/responseCodec.ts';
import { createVectorCodec } from '../../adapters/cache/vectorCodec.ts';
import { createConfiguredTokenizer } from '../../adapters/embedding/configuredTokenizer.ts';
import type { Database } from '../../adapters/postgres/database.ts';
import { createIndexEpoch } from '../../adapters/postgres/epochs/indexEpoch.ts';
import { createSearchHistory } from '../../adapters/postgres/history/searchHistory.ts';
import { createSearchSettingsRegistry } from '../../adapters/postgres/settings/searchSettingsRegistry.ts';
import { createSynonymRegistry } from '../../adapters/postgres/settings/synonymRegistry.ts';
import type { QdrantIndex } from '../../adapters/qdrant/qdrantIndex.ts';
import type { Config } from '../../config/config.ts';
import type { Principal } from '../../contracts/principal.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { digestOfJson } from '../../contracts/identifiers.ts';
import { createHeldLanguages, defaultHeldLanguagesSettings } from '../../retrieval/analysis/heldLanguages.ts';
import { createDebugSearch } from '../../retrieval/debugSearch.ts';
import { createReadPath } from '../../retrieval/readPath.ts';
import { createSimilarSearch } from '../../retrieval/similarSearch.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { IndexState } from '../../ports/indexEpoch.ts';
import type { SharedCache } from '../../ports/sharedCache.ts';
import type { TenantDepartures } from '../../ports/tenantDepartures.ts';
import { createCachedEmbedder } from '../../retrieval/cache/cachedEmbedder.ts';
import { createCachedSearch } from '../../retrieval/cache/cachedSearch.ts';
import type { CachedSearchDependencies } from '../../retrieval/cache/cachedSearch.ts';
import type { ReadPathDependencies } from '../../retrieval/readPath.ts';
import type { ModelReranker } from '../../retrieval/rerank/model/modelReranker.ts';
import { byServingModel, byServingModelNow } from '../../retrieval/byServingModel.ts';
import { createReceiptedSearch } from '../../retrieval/receipts/receiptedSearch.ts';
import type { ReceiptDependencies } from '../../retrieval/receipts/receiptedSearch.ts';
import { createReceiptSeal } from '../../retrieval/receipts/receiptSeal.ts';
import { createReplaySearch } from '../../retrieval/receipts/replaySearch.ts';
import { createTenantSynonyms } from '../../retrieval/synonyms/tenantSynonyms.ts';
import { searchSettingsFor } from '../../retrieval/settings.ts';
import { defaultTenantKnowledgeSettings } from '../../retrieval/tenantKnowledge.ts';
import { createTenantSearchSettings } from '../../retrieval/tenantSettings/tenantSearchSettings.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createMeteredEmbedder } from '../usage/meteredEmbedder.ts';
import type { UsageMeter } from '../usage/usageMeter.ts';
import type { QuerySample } from '../search/querySample.ts';

/** Part of the composition root: how searches are put together. */

/** How tenants want their searches to go and what languages they hold, kept in memory as of the state that searches learn of the index. */
export function createTenantKnowledge(database: Database, index: QdrantIndex, departures: TenantDepartures) {
  const synonyms = createTenantSynonyms(createSynonymRegistry(database), { ...defaultTenantKnowledgeSettings, departures });
  const searchSettings = createTenantSearchSettings(createSearchSettingsRegistry(database), { ...defaultTenantKnowledgeSettings, departures });
  const languages = createHeldLanguages((principal) => languagesOf(index, principal), { ...defaultHeldLanguagesSettings, departures });
  const asOf = (tenant: string, { epoch, settings }: IndexState): void => {
    languages.asOf(tenant, epoch);
    for (const known of [synonyms, searchSettings]) known.asOf(tenant, settings);
  };
  return { synonyms, searchSettings, heldLanguages: languages.held, asOf };
}

type SearchDependencies = Omit<ReadPathDependencies, 'embedder' | 'index'> & Pick<CachedSearchDependencies, 'asOf'> & { readonly index: QdrantIndex; /** The generation that a tenant's searches read. */ readonly servingOf: ReceiptDependencies['serving']; readonly modelReranker: ModelReranker | undefined; readonly usageMeter: UsageMeter };
type Searches = Pick<ApiDependencies, 'search' | 'debugSearch' | 'similarSearch' | 'replaySearch'>;

/** Search by each model that the process has; the one is asked that the index is made by. */
export function createSearches(config: Config, database: Database, { models, ...dependencies }: SearchDependencies & { readonly models: readonly Embedder[] }, shared: SharedCache | undefined): Searches {
  const bytes = config.caching.bytes / models.length;
  const searches = models.map((embedder): [string, Searches] => [contractFingerprint(embedder.contract), createModelSearches({ ...config, caching: { ...config.caching, bytes } }, database, { ...dependencies, embedder }, shared)]);
  const only = searches.length === 1 ? searches[0]?.[1] : undefined;
  if (only !== undefined) return only;
  const choose = <Name extends keyof Searches>(name: Name): ReadonlyMap<string, Searches[Name]> => new Map(searches.map(([fingerprint, own]) => [fingerprint, own[name]]));
  const { serving } = dependencies.index;
  return { search: byServingModel(choose('search'), serving), debugSearch: byServingModel(choose('debugSearch'), serving), similarSearch: byServingModel(choose('similarSearch'), serving), replaySearch: byServingModelNow(choose('replaySearch'), serving) };
}

export function sampled(sample: QuerySample, { search, ...others }: Searches): Searches {
  return {
    ...others,
    search(principal, request) {
      sample.note(principal, request);
      return search(principal, request);
    },
  };
}

/** Search by one model, with its caches; one process has them to itself where there is no Redis. */
function createModelSearches({ caching, embedding, index: { alias }, search: searching, principals }: Config, database: Database, dependencies: SearchDependencies & { readonly embedder: Embedder }, shared: SharedCache | undefined): Searches {
  const { emit, asOf, modelReranker, departures } = dependencies;
  const { contract } = dependencies.embedder;
  const index = dependencies.index.searchBy(contract);
  const remembers = caching.bytes > 0;
  const vectors = remembers ? createLayeredCache({ name: 'query_embeddings', codec: createVectorCodec(contract.dimension), maximumBytes: Math.ceil(caching.bytes / 4), shared, departures, emit }) : undefined;
  const metered = createMeteredEmbedder(dependencies.embedder, createConfiguredTokenizer(embedding), dependencies.usageMeter);
  const embedder = vectors === undefined ? metered : createCachedEmbedder(metered, vectors);
  const history = createSearchHistory(database);
  const read = createReadPath({ ...dependencies, index, history, settings: { ...searchSettingsFor(contract), ...searching }, embedder });
  const receipts: ReceiptDependencies = { read, history, contract, serving: dependencies.servingOf, seal: createReceiptSeal(principals.keys) };
  const search = createReceiptedSearch(receipts);
  const version = digestOfJson({ alias, contract, settings: read.settings, model: modelReranker === undefined ? null : { by: modelReranker.by, candidates: modelReranker.candidates } });
  const answers = remembers ? createLayeredCache({ name: 'results', codec: responseCodec, maximumBytes: Math.ceil((caching.bytes * 3) / 4), shared, departures, emit }) : undefined;
  return {
    search: answers === undefined ? search : createCachedSearch(search, { cache: answers, epoch: createIndexEpoch(database), emit, asOf, version, embedder }),
    debugSearch: createDebugSearch(read),
    similarSearch: createSimilarSearch(read, index),
    replaySearch: createReplaySearch(receipts),
  };
}

/** Languages of a tenant beyond these are so rare in it that queries need not be read in them. */
const mostLanguages = 30;

async function languagesOf(index: QdrantIndex, principal: Principal): Promise<string[]> {
  const counts = await index.facet(principal, {}, ['language'], mostLanguages);
  return (counts.get('language') ?? []).map(({ value }) => String(value));
}
