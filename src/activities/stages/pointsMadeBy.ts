import { digestOfJson } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { Embedder } from '../../ports/embedder.ts';
import { sparseVersion } from '../../retrieval/sparse/sparseVector.ts';
import { vocabularyVersion } from '../../retrieval/vocabulary/documentVocabulary.ts';
import { vectorsVersion } from '../embedding/textVectors.ts';

/**
 * To be raised with every change of what is stored of a chunk, in `documentPoints` or where the index puts it into its own form: then the
 * audit of consistency does not compare what another release wrote.
 */
export const pointsVersion = 1;

/** The same of a version by its passages: equal only where they were cut alike too. */
export function pointsCutBy(dependencies: { readonly embedder: Pick<Embedder, 'contract' | 'tokenVectors'> }, recut: string | null): Digest {
  const made = pointsMadeBy(dependencies);
  return recut === null ? made : digestOfJson([made, recut]);
}

/** Equal for two processes that would write the same points of the same artifacts. */
export function pointsMadeBy({ embedder }: { readonly embedder: Pick<Embedder, 'contract' | 'tokenVectors'> }): Digest {
  return digestOfJson([pointsVersion, sparseVersion, vocabularyVersion, vectorsVersion(embedder)]);
}
