import type { EmbeddingConfig } from '../../config/config.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { createOnnxEmbedder } from './onnxEmbedder.ts';
import type { OnnxEmbedderOptions } from './onnxEmbedder.ts';
import { createOpenAiEmbedder } from './openAiEmbedder.ts';
import { createStubEmbedder } from './stubEmbedder.ts';

/** The embedder that the configuration names; whether it gives way matters to a model of this process only. */
export async function createConfiguredEmbedder(config: EmbeddingConfig, options: Pick<OnnxEmbedderOptions, 'givesWay'> = {}): Promise<Embedder & HealthCheck> {
  switch (config.provider) {
    case 'onnx':
      return createOnnxEmbedder({ modelDirectory: config.modelDirectory, threads: config.threads, tokenVectors: config.tokenVectors, ...options });
    case 'stub':
      return createStubEmbedder({ dimension: config.dimension });
    case 'openai':
      return createOpenAiEmbedder({
        baseUrl: config.baseUrl,
        apiKey: config.apiKey,
        model: config.model,
        dimension: config.dimension,
        tokenLimit: config.tokenLimit,
        queryPrefix: '',
        passagePrefix: '',
        batchSize: 64,
        timeoutMs: 60_000,
      });
  }
}
