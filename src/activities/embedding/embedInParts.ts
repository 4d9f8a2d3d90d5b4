import type { Digest } from '../../contracts/identifiers.ts';
import type { ActivityContext } from '../activityContext.ts';
import { embedGroups } from './embedGroups.ts';
import type { EmbeddingDependencies } from './embedGroups.ts';
import { findKept } from './keptVectors.ts';
import { groupTexts } from './textGroups.ts';
import type { EmbeddingText } from './textGroups.ts';
import { vectorsVersion } from './textVectors.ts';
import type { TextVectors } from './textVectors.ts';

/** What has to be dropped once the whole is stored. */
export interface Parts {
  readonly keys: readonly Digest[];
  /** Whether some may be in the artifact store; known for sure once they are released. */
  readonly mayBeKept: () => boolean;
}

/**
 * Embeds texts a few at a time and keeps what is done, so that a try after a crash resumes where it was cut: in memory for
 * the next try in this process, in the artifact store for that of another. The vectors are in the order of the texts.
 */
export async function embedInParts(dependencies: EmbeddingDependencies, tenant: string, texts: readonly EmbeddingText[], context: ActivityContext): Promise<{ readonly vectors: TextVectors[]; readonly parts: Parts }> {
  const groups = groupTexts(vectorsVersion(dependencies.embedder), texts);
  const kept = await findKept(dependencies, tenant, groups);
  const known = new Map(kept.map((embedded) => [embedded.group.key, embedded.vectors]));
  const missing = new Map(groups.filter(({ key }) => !known.has(key)).map((group) => [group.key, group]));
  const { made, asked } = await embedGroups(dependencies, tenant, [...missing.values()], context);
  for (const { group, vectors } of made) known.set(group.key, vectors);
  const vectors = new Array<TextVectors>(texts.length);
  for (const { key, positions } of groups) positions.forEach((position, place) => (vectors[position] = known.get(key)?.[place] as TextVectors));
  return { vectors, parts: { keys: [...known.keys()], mayBeKept: () => kept.length > 0 || asked.some(({ tried }) => tried) } };
}
