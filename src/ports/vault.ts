import type { PersonalDataKind } from '../contracts/personalData.ts';
import type { PersonalValue } from '../contracts/vault.ts';
import type { LibraryReader } from './library.ts';

/** Names entries of one tenant: equal values of a kind have one name, which tells nothing to who does not hold the key. */
export interface VaultNames {
  /** Tells by which key names are given: equal for equal keys. */
  readonly id: string;
  readonly nameOf: (kind: PersonalDataKind, normalised: string) => string;
}

/** What was replaced in a version that a job makes of a document. */
export interface VaultUse {
  readonly documentId: string;
  readonly versionId: string;
  readonly sequence: number;
  readonly values: readonly PersonalValue[];
}

/** Personal data that was replaced in documents, encrypted, to be brought back by those who may. Throws REGISTRY_UNAVAILABLE. */
export interface Vault {
  namesOf(tenant: string): VaultNames;
  /** Entries that are there already are used once more. Nothing is kept for documents that a deletion took meanwhile. */
  keep(tenant: string, jobId: string, uses: readonly VaultUse[]): Promise<void>;
  /** In the order of their names. Those that are unknown, and those that no document uses which the reader may see, are left out. Throws VAULT_KEY_UNKNOWN, VAULT_UNREADABLE. */
  reveal(reader: LibraryReader, names: readonly string[]): Promise<PersonalValue[]>;
}
