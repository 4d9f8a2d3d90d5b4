import type { Generated } from 'kysely';

/** Of a secret only what proves it. */
export interface ApiKeysTable {
  tenant: string;
  id: string;
  name: string;
  scopes: readonly string[];
  policies: readonly string[];
  life_days: number | null;
  created_by: string;
  created_at: Generated<Date>;
  rotated_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  prefix: string;
  secret_check: string;
  secret_hash: string;
  expires_at: Date | null;
  previous_prefix: string | null;
  previous_check: string | null;
  previous_hash: string | null;
  previous_expires_at: Date | null;
}
