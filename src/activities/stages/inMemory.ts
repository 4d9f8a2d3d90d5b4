import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { ArtifactEntry, ArtifactStore } from '../../ports/artifactStore.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** What stages made, by digest. */
export type MadeBytes = Map<Digest, Uint8Array>;

/** What the stages read is what there is; what they make is kept in memory, and nothing is recorded of it. */
export function inMemory<Dependencies extends ActivityDependencies>(dependencies: Dependencies, made: MadeBytes): Dependencies {
  return {
    ...dependencies,
    // Entries are as they are; their names alone are needed.
    vault: dependencies.vault === undefined ? undefined : { ...dependencies.vault, keep: () => Promise.resolve() },
    artifacts: artifactsAside(dependencies.artifacts, made),
    stageOutputs: { find: () => Promise.resolve(new Map()), record: () => Promise.resolve(), forget: () => Promise.resolve(), forgetPlaces: () => Promise.resolve() },
  };
}

function artifactsAside(artifacts: ArtifactStore, made: MadeBytes): ArtifactStore {
  const keep = ({ bytes, mediaType }: ArtifactEntry): ArtifactReference => {
    const digest = digestOf(bytes);
    made.set(digest, bytes);
    return { uri: `s3://aside/${digest}`, offset: 0, length: bytes.byteLength, digest, mediaType };
  };
  return {
    ...artifacts,
    // Files inside a message are artifacts of their own, which the text names by their address: the same bytes lie at the same one.
    putAll: (tenant, kind, entries) => (kind === 'raw' ? artifacts.putAll(tenant, kind, entries) : Promise.resolve(entries.map(keep))),
    async getAll(tenant, references) {
      const stored = references.filter(({ digest }) => !made.has(digest));
      const read = new Map((await artifacts.getAll(tenant, stored)).map((bytes, position) => [stored[position]?.digest, bytes]));
      return references.map(({ digest }) => made.get(digest) ?? (read.get(digest) as Uint8Array));
    },
  };
}
