import type { QdrantIndexOptions } from '../src/adapters/qdrant/options.ts';
import type { Config } from '../src/config/config.ts';
import type { EmbeddingContract } from '../src/contracts/embedding.ts';
import { chooseIndexSettings } from '../src/generations/chooseIndexSettings.ts';

/** A first generation is made for the first of the contracts, and laid out as an empty one is to be. */
export function qdrantOptions({ profile, index, lifecycle: { layout } }: Config, [contract, ...otherContracts]: readonly [EmbeddingContract, ...EmbeddingContract[]], requestTimeoutMs: number): QdrantIndexOptions {
  const { settings } = chooseIndexSettings({ points: 0, dimension: contract.dimension, isOwn: false }, layout.thresholds, layout.cluster);
  return { ...index, contract, otherContracts, settings, requestTimeoutMs, refuseDevelopmentServer: profile === 'production' };
}
