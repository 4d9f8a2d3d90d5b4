import type { Generated } from 'kysely';
import type { Digest } from '../../../contracts/identifiers.ts';

/** Without a status the request is in work, or was given up. */
export interface IdempotencyKeysTable {
  tenant: string;
  key: Digest;
  fingerprint: Digest;
  seed: string;
  holder: string;
  held_until: Date;
  status: number | null;
  content_type: string | null;
  location: string | null;
  body: string | null;
  created_at: Generated<Date>;
}
