import { sql } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { PersonalDataKind } from '../../../contracts/personalData.ts';
import type { PersonalValue } from '../../../contracts/vault.ts';
import type { Vault, VaultNames } from '../../../ports/vault.ts';
import { createTenantCipher } from '../../shared/tenantCipher.ts';
import type { CipherUse, MasterKey, TenantCipher } from '../../shared/tenantCipher.ts';
import type { Database } from '../database.ts';
import { readableBy } from '../documents/readableBy.ts';
import { keepUses } from './keepUses.ts';
import { createVaultNames } from './vaultNames.ts';

export interface VaultKeys {
  /** The first encrypts, all decrypt. */
  readonly keys: readonly MasterKey[];
  readonly nameKey: Uint8Array;
}

const use: CipherUse = {
  name: 'catalyst vault entry 1',
  unknownKey: (keyId) => new CatalystError('VAULT_KEY_UNKNOWN', `An entry of the vault is encrypted by the key "${keyId.slice(0, 64)}", which is not among CATALYST_VAULT_KEYS here.`),
  unreadable: (why) => new CatalystError('VAULT_UNREADABLE', `An entry of the vault cannot be decrypted: ${why}.`),
};

/** Names of tenants that are remembered. */
const mostTenants = 10_000;

/** Undefined where there are no keys. */
export function createVault(database: Database, vaultKeys: VaultKeys | undefined): Vault | undefined {
  if (vaultKeys === undefined) return undefined;
  const cipher = createTenantCipher(vaultKeys.keys, use);
  const known = new Map<string, VaultNames>();
  return {
    namesOf(tenant) {
      const kept = known.get(tenant);
      if (kept !== undefined) return kept;
      const names = createVaultNames(vaultKeys.nameKey, tenant);
      if (known.size >= mostTenants) known.clear();
      known.set(tenant, names);
      return names;
    },
    async keep(tenant, jobId, uses) {
      const seal = ({ name, kind, value }: PersonalValue) => cipher.seal(tenant, Buffer.from(value), [kind, name]);
      await database.withTenant(tenant, (transaction) => keepUses(transaction, { tenant, jobId, uses, seal }));
    },
    async reveal(reader, names) {
      const { tenant } = reader;
      const { rows } = await database.withTenant(tenant, (transaction) =>
        sql<SealedRow>`
          select name, kind, key_id, sealed from vault_entries entry
          where tenant = ${tenant} and name = any(${[...names]}::text[]) and exists (
            select from vault_uses used join documents on documents.tenant = used.tenant and documents.id = used.document_id
            where used.tenant = ${tenant} and used.name = entry.name and documents.deleted_at is null and documents.version_id is not null and ${readableBy(reader)})
          order by name`.execute(transaction),
      );
      return rows.map((row) => opened(cipher, tenant, row));
    },
  };
}

interface SealedRow {
  readonly name: string;
  readonly kind: PersonalDataKind;
  readonly key_id: string;
  readonly sealed: Buffer;
}

/** Bound to its name and kind: an entry that was put in the place of another is not read. */
function opened(cipher: TenantCipher, tenant: string, { name, kind, key_id: keyId, sealed }: SealedRow): PersonalValue {
  return { name, kind, value: Buffer.from(cipher.open(tenant, { keyId, bytes: sealed }, [kind, name])).toString() };
}
