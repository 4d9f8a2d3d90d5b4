import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { CatalystError } from '../../contracts/errors.ts';
import { createPairEncoder } from './pairEncoder.ts';
import type { EncodedPair } from './pairEncoder.ts';

/** Scores passages for a query, one after the other; for a thread of its own, which it blocks. */
export type CrossEncoderModel = (query: string) => (passage: string) => Promise<number>;

const knownInputs = ['input_ids', 'attention_mask', 'token_type_ids'];

/**
 * Pairs are never batched: an int8 model scales its activations over the whole batch, so that a score would depend on its neighbours.
 * Throws RERANKER_UNAVAILABLE where the folder holds no cross-encoder.
 */
export async function loadCrossEncoder(modelDirectory: string, tokenLimit: number): Promise<CrossEncoderModel> {
  const path = join(modelDirectory, 'model.onnx');
  const session = await openSession(path);
  const [output = ''] = session.outputNames;
  if (!session.inputNames.includes('input_ids') || session.inputNames.some((name) => !knownInputs.includes(name))) {
    throw new CatalystError('RERANKER_UNAVAILABLE', `The model in ${path} takes ${session.inputNames.join(', ')}, which is not what a BERT cross-encoder takes.`);
  }
  const encodePairs = createPairEncoder(modelDirectory, tokenLimit);
  return (query) => {
    const encode = encodePairs(query);
    return async (passage) => {
      const outputs = await session.run(feedsOf(encode(passage), session.inputNames));
      return onlyLogit(outputs[output], path);
    };
  };
}

async function openSession(path: string): Promise<InferenceSession> {
  try {
    // One thread a session, and a session a thread: as fast as sessions that share threads, and none spins while it waits.
    return await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all', logSeverityLevel: 3 });
  } catch (error) {
    throw new CatalystError('RERANKER_UNAVAILABLE', `The cross-encoder cannot be loaded from ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function feedsOf({ ids, passageStart }: EncodedPair, names: readonly string[]): Record<string, Tensor> {
  const shape = [1, ids.length];
  const all: Readonly<Record<string, () => Tensor>> = {
    input_ids: () => new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: () => new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
    token_type_ids: () => new Tensor('int64', BigInt64Array.from(ids, (_id, index) => (index < passageStart ? 0n : 1n)), shape),
  };
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]()]])));
}

function onlyLogit(logits: Tensor | undefined, path: string): number {
  const [score, ...others] = logits?.data instanceof Float32Array ? logits.data : [];
  if (score === undefined || others.length > 0) {
    throw new CatalystError('RERANKER_UNAVAILABLE', `The model in ${path} answers ${others.length + (score === undefined ? 0 : 1)} numbers for a pair, where a cross-encoder answers one.`);
  }
  return score;
}
