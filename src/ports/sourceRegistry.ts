import type { RegisteredSource, SourceRequest, SourcesPage } from '../contracts/sources.ts';

/** Registered sources of a tenant; a foreign id is as unknown as a missing one. Throws REGISTRY_UNAVAILABLE. */
export interface SourceRegistry {
  create(tenant: string, sourceId: string, request: SourceRequest): Promise<RegisteredSource>;
  find(tenant: string, sourceId: string): Promise<RegisteredSource | undefined>;
  list(tenant: string, cursor: string | undefined, limit: number): Promise<SourcesPage>;
  update(tenant: string, sourceId: string, request: SourceRequest): Promise<RegisteredSource | undefined>;
  /** Its documents stay where nobody deletes them. False where there was none. */
  remove(tenant: string, sourceId: string): Promise<boolean>;
}
