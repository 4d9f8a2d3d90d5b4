import type { SearchSettingsUpdate, StoredSearchSettings } from '../contracts/searchSettings.ts';

/** How the searches of each tenant go where the request does not say. Throws REGISTRY_UNAVAILABLE. */
export interface SearchSettingsRegistry {
  /** Revision 0 and nothing else where none were ever written. */
  read(tenant: string): Promise<StoredSearchSettings>;
  /** Takes the place of all there were. Throws CONFLICT where it names another revision than the present one. */
  write(tenant: string, update: SearchSettingsUpdate): Promise<StoredSearchSettings>;
  /** The revision goes on counting. */
  remove(tenant: string): Promise<StoredSearchSettings>;
}
