import type { ApiKey, CreateApiKeyRequest } from '../contracts/apiKeys.ts';
import type { Scope } from '../contracts/scopes.ts';

/** What is kept of a secret; it cannot be had back from this. */
export interface SecretRecord {
  readonly prefix: string;
  /** Refuses wrong secrets cheaply, see secretHash.ts. */
  readonly check: string;
  readonly hash: string;
}

/** What a presented prefix leads to, whoever's it is. */
export interface PresentedApiKey {
  readonly tenant: string;
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly policies: readonly string[];
  readonly secret: SecretRecord;
  /** Of this secret: a rotated one has an end of its own. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** The API keys of each tenant. Throws REGISTRY_UNAVAILABLE. */
export interface ApiKeyRegistry {
  create(tenant: string, keyId: string, request: CreateApiKeyRequest, secret: SecretRecord, createdBy: string): Promise<ApiKey>;
  find(tenant: string, keyId: string): Promise<ApiKey | undefined>;
  /** Newest first. */
  list(tenant: string, cursor: string | undefined, limit: number): Promise<{ readonly keys: ApiKey[]; readonly next: string | null }>;
  /** The key lives on for as long as it was made for, from now. Undefined where there is no such key, or it is revoked. */
  rotate(tenant: string, keyId: string, secret: SecretRecord, graceSeconds: number): Promise<ApiKey | undefined>;
  /** Done again it changes nothing. */
  revoke(tenant: string, keyId: string): Promise<ApiKey | undefined>;
  /** By the prefix of its present secret or of the one before. */
  lookUp(prefix: string): Promise<PresentedApiKey | undefined>;
  markUsed(tenant: string, keyId: string): Promise<void>;
}
