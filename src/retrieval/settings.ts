import type { EmbeddingContract } from '../contracts/embedding.ts';
import type { RerankerName } from '../contracts/search.ts';
import type { FusionSettings } from './fusion/fuse.ts';

export interface SearchSettings {
  readonly fusion: FusionSettings;
  /** Fewest hits asked of each leg; what fusion has to choose from. */
  readonly legDepth: number;
  /** Candidates that boosts and reranking look at. */
  readonly poolSize: number;
  /** Most times the legs are asked in one search, where few documents fill the first ranks. */
  readonly maximumRounds: number;
  /** Passages kept in memory, in characters (two bytes each). */
  readonly payloadCacheCharacters: number;
  /** What a search that leaves the choice gets. */
  readonly defaultRerank: RerankerName;
  readonly budgets: SearchBudgets;
}

/** Milliseconds that a part may take before the search goes on without it. */
export interface SearchBudgets {
  /** A query that waits longer for its embedding is searched by its words alone. */
  readonly embedMs: number;
  readonly rerankMs: number;
}

/** Models whose similarities were measured: their cosines are added as they are. */
const measuredModels: readonly string[] = ['bge-small-en-v1.5'];

/** Chosen by measurement: docs/decisions/0003-fusion.md. */
const similarity: FusionSettings = { method: 'similarity', denseWeight: 1 / 1.12, rankConstant: 60 };
/** Of a model whose similarities have another spread only their order and distances within one query are known. */
const scaled: FusionSettings = { method: 'min-max', denseWeight: 0.6, rankConstant: 60 };

export function searchSettingsFor(contract: Pick<EmbeddingContract, 'model'>): SearchSettings {
  return {
    fusion: measuredModels.includes(contract.model) ? similarity : scaled,
    legDepth: 100,
    poolSize: 50,
    maximumRounds: 6,
    payloadCacheCharacters: 16_000_000,
    defaultRerank: 'none',
    budgets: { embedMs: 1500, rerankMs: 1500 },
  };
}
