import { contractFingerprint } from '../../contracts/embedding.ts';
import type { Generation } from '../../contracts/generations.ts';
import { isSameChunker } from '../../contracts/recut.ts';
import type { Chunker } from '../../contracts/recut.ts';
import { chunkerVersion } from '../../documents/chunk.ts';
import type { GenerationDependencies } from './dependencies.ts';

/** By what a generation is made: model and cutting. */
export type Make = Pick<Generation, 'contract' | 'recut'>;

export function isSameModel(left: Pick<Make, 'contract'>, right: Pick<Make, 'contract'>): boolean {
  return contractFingerprint(left.contract) === contractFingerprint(right.contract);
}

/** Both have the same points of the same versions. */
export function isSameMake(left: Make, right: Make): boolean {
  return isSameModel(left, right) && left.recut?.id === right.recut?.id;
}

/** Whether this process has the model by which the generation is made. */
export function hasModel({ models }: Pick<GenerationDependencies, 'models'>, generation: Pick<Make, 'contract'>): boolean {
  return models.all.some((embedder) => isSameModel(embedder, generation));
}

/** The chunkers of this process: that by which documents come, and the other one, where there is one. */
export function chunkersOf({ settings: { chunking, nextChunking = chunking } }: Pick<GenerationDependencies, 'settings'>): { readonly present: Chunker; readonly next: Chunker } {
  return { present: { version: chunkerVersion, ...chunking }, next: { version: chunkerVersion, ...nextChunking } };
}

/** Whether the generation is the one for which documents are cut, and not one that took over what was cut for another. */
export function isCutting({ id, state, recut }: Pick<Generation, 'id' | 'state' | 'recut'>): boolean {
  return recut !== null && id.endsWith(`_${recut.id}`) && (state === 'building' || state === 'ready');
}

/** Whether this process can go on with a generation that is not finished. */
export function canFinish(dependencies: Pick<GenerationDependencies, 'models' | 'settings'>, generation: Generation): boolean {
  if (!hasModel(dependencies, generation)) return false;
  const { present, next } = chunkersOf(dependencies);
  return generation.recut === null || !isCutting(generation) || isSameChunker(generation.recut.chunker, present) || isSameChunker(generation.recut.chunker, next);
}
