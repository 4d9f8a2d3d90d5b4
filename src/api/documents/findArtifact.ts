import { CatalystError } from '../../contracts/errors.ts';
import type { VersionArtifact, VersionArtifactKind } from '../../contracts/library.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';

interface WantedArtifact {
  readonly documentId: string;
  /** The visible version when undefined. */
  readonly versionId: string | undefined;
  readonly kind: VersionArtifactKind;
}

/** Of a document all of whose labels the caller holds; NOT_FOUND for all else, as for what never was. */
export async function findArtifact(library: ApiDependencies['library'], principal: Principal, { documentId, versionId, kind }: WantedArtifact): Promise<VersionArtifact> {
  const artifact = (await library.findVersion(principal, documentId, versionId))?.artifacts.find((candidate) => candidate.kind === kind);
  if (artifact === undefined) throw new CatalystError('NOT_FOUND', `There is no artifact "${kind}" of document ${documentId}.`);
  return artifact;
}

/** Throws NOT_FOUND for what was removed from the store meanwhile. */
export async function stillStored<Result>({ kind }: VersionArtifact, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CatalystError && error.code === 'ARTIFACT_NOT_FOUND') throw new CatalystError('NOT_FOUND', `The artifact "${kind}" is not in the store any more.`, { cause: error });
    throw error;
  }
}

/** What a web page brought is never run in the name of this service, or of its store. */
export function servedTypeOf({ kind, mediaType }: VersionArtifact): string {
  return kind === 'raw' ? 'application/octet-stream' : mediaType;
}
