import type { Config } from '../../config/config.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { createConfiguredEmbedder } from './configuredEmbedder.ts';
import type { OnnxEmbedderOptions } from './onnxEmbedder.ts';

export interface ConfiguredModels {
  /** The first one is what an index is made by that is not there yet. */
  readonly all: readonly [Embedder & HealthCheck, ...(Embedder & HealthCheck)[]];
  readonly healthChecks: readonly HealthCheck[];
  close(): Promise<void>;
}

/** The models of this process: one, or two while the index is changed from one to the other. */
export async function createConfiguredModels({ embedding, nextEmbedding }: Pick<Config, 'embedding' | 'nextEmbedding'>, options: Pick<OnnxEmbedderOptions, 'givesWay'> = {}): Promise<ConfiguredModels> {
  const first = await createConfiguredEmbedder(embedding, options);
  const next = nextEmbedding === undefined ? undefined : await createConfiguredEmbedder(nextEmbedding, options);
  if (next !== undefined && contractFingerprint(next.contract) === contractFingerprint(first.contract)) throw new CatalystError('CONFIGURATION_INVALID', 'CATALYST_NEXT_EMBEDDING_* name the model that CATALYST_EMBEDDING_* name.');
  return {
    all: next === undefined ? [first] : [first, next],
    healthChecks: next === undefined ? [first] : [first, { name: 'next-embedder', check: (signal) => next.check(signal) }],
    async close() {
      await Promise.all([first.close(), next?.close()]);
    },
  };
}
