import type { Generated } from 'kysely';
import type { PersonalDataKind } from '../../../contracts/personalData.ts';

interface VaultEntriesTable {
  tenant: string;
  name: string;
  kind: PersonalDataKind;
  key_id: string;
  /** Nonce, tag, ciphertext. */
  sealed: Buffer;
  created_at: Generated<Date>;
}

/** A version whose marks name an entry. */
interface VaultUsesTable {
  tenant: string;
  document_id: string;
  version_id: string;
  name: string;
  sequence: string;
  created_at: Generated<Date>;
}

export interface VaultTables {
  vault_entries: VaultEntriesTable;
  vault_uses: VaultUsesTable;
}
