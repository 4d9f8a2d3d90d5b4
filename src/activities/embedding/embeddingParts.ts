import type { Embedder } from '../../ports/embedder.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { FairTurns } from '../turns/fairTurns.ts';
import { CallSize } from './callSize.ts';
import type { EmbedDependencies } from './embedDocuments.ts';
import { UnkeptVectors } from './unkeptVectors.ts';
import { createVectorMemory } from './vectorMemory.ts';

/** Calls of a model at once: while one is on its way or stores its vectors, the other computes. */
const modelCallsAtOnce = 2;

/** What embedding needs, with what a process remembers of each of its models. */
export type EmbeddingParts = (embedder: Embedder) => EmbedDependencies;

export function createEmbeddingParts(dependencies: ActivityDependencies): EmbeddingParts {
  const parts = new Map<Embedder, EmbedDependencies>();
  return (embedder) => {
    const known = parts.get(embedder);
    if (known !== undefined) return known;
    const own = { ...dependencies, embedder };
    const made = { ...own, vectorMemory: createVectorMemory(), unkept: new UnkeptVectors(own), callSize: new CallSize(), modelTurns: new FairTurns(modelCallsAtOnce) };
    parts.set(embedder, made);
    return made;
  };
}
