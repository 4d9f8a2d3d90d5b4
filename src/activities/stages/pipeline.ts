import { digestOfJson } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import { chunkerVersion } from '../../documents/chunk.ts';
import { parserVersion } from '../../documents/parse.ts';
import { sparseVersion } from '../../retrieval/sparse/sparseVector.ts';
import { vocabularyVersion } from '../../retrieval/vocabulary/documentVocabulary.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { digestedRules } from './contentRules.ts';
import type { ContentRules } from './contentRules.ts';
import { vectorsVersion } from '../embedding/textVectors.ts';

/** Equal for two ingestions of a document exactly when they would write the same points. */
export function versionDigestOf(dependencies: Pick<ActivityDependencies, 'embedder' | 'parser' | 'settings'>, specification: DocumentSpecification, raw: Digest, mediaType: string | undefined, rules: ContentRules): Digest {
  const { title, metadata, tags, tier, policies, source } = specification;
  const pipeline = [parserVersion, dependencies.parser.settings ?? null, chunkerVersion, sparseVersion, vocabularyVersion, dependencies.settings.chunking, vectorsVersion(dependencies.embedder)];
  return digestOfJson([raw, mediaType ?? null, { title, metadata, tags, tier, policies, source }, pipeline, ...digestedRules(rules)]);
}
