import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { Upload } from '../contracts/uploads.ts';

export interface StoredUpload extends Upload {
  readonly reference: ArtifactReference;
}

/** Uploads of a tenant. Throws REGISTRY_UNAVAILABLE. */
export interface UploadRegistry {
  record(tenant: string, upload: StoredUpload): Promise<void>;
  /** Those that the tenant has; others are left out. */
  find(tenant: string, ids: readonly string[]): Promise<StoredUpload[]>;
}
