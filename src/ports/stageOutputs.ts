import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { Digest } from '../contracts/identifiers.ts';

/** A finished pure step: `key` is the digest of stage name, stage version, settings and input. */
export interface StageOutput {
  readonly key: Digest;
  readonly reference: ArtifactReference;
}

/** Remembers which artifact a pure step made of which input, so that no step runs twice. Throws REGISTRY_UNAVAILABLE. */
export interface StageOutputs {
  find(tenant: string, keys: readonly Digest[]): Promise<ReadonlyMap<Digest, ArtifactReference>>;
  record(tenant: string, outputs: readonly StageOutput[]): Promise<void>;
  forget(tenant: string, keys: readonly Digest[]): Promise<void>;
  /** Forgets whatever lies there, of which the bytes are gone. */
  forgetPlaces(tenant: string, references: readonly ArtifactReference[]): Promise<void>;
}
