import type { Synonyms } from '../contracts/synonyms.ts';

/** The synonyms of each tenant. Throws REGISTRY_UNAVAILABLE. */
export interface SynonymRegistry {
  /** None where none were ever written. */
  read(tenant: string): Promise<Synonyms>;
  /** Takes the place of all there were. */
  write(tenant: string, synonyms: Synonyms): Promise<void>;
  remove(tenant: string): Promise<void>;
}
