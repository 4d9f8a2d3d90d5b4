import type { CodeSystemName } from '../contracts/codes/codeSystems.ts';

/**
 * Names of the stored fields that filters use. A caller's own metadata lies below `metadata` and, for equality, as terms in
 * `metadataTerms`: no metadata key can stand for any of the fields here.
 */
export const indexFields = {
  tenant: 'tenant',
  document: 'document',
  version: 'version',
  visible: 'visible',
  sequence: 'sequence',
  /** Absent where the passage came with the version. */
  recut: 'recut',
  /** Milliseconds since 1970: since when searches find the version, and until when those as of a time did; 0: not at all any more. */
  visibleFrom: 'visibleFrom',
  visibleUntil: 'visibleUntil',
  tags: 'tags',
  policies: 'policies',
  tier: 'tier',
  sourceType: 'source.type',
  sourceLocation: 'source.location',
  sourceHost: 'sourceHost',
  languages: 'languages',
  ingestedAt: 'ingestedAt',
  metadata: 'metadata',
  metadataTerms: 'metadataTerms',
  /** Telling words of the chunk, and words of the titles and headings above it; for suggestions. */
  words: 'words',
  labels: 'labels',
  metadataKeys: 'metadataKeys',
  /** Absent where nothing was found. */
  riskLevel: 'riskLevel',
  riskKinds: 'riskKinds',
  /** Below it a field for each code system. */
  codes: 'codes',
} as const;

/** The codes of one system that a chunk carries, with all broader ones. */
export function codesField(system: CodeSystemName): `codes.${CodeSystemName}` {
  return `${indexFields.codes}.${system}`;
}
