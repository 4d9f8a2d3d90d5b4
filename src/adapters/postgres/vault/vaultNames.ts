import { createHmac, hkdfSync } from 'node:crypto';
import type { VaultNames } from '../../../ports/vault.ts';

const nameBytes = 10;
const idBytes = 5;
const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** Keys of tenants are derived from the one key (HKDF-SHA256), so that names of one tenant tell nothing of another's values. */
export function createVaultNames(nameKey: Uint8Array, tenant: string): VaultNames {
  const key = new Uint8Array(hkdfSync('sha256', nameKey, new Uint8Array(0), `catalyst vault name 1 ${tenant}`, 32));
  const hash = (parts: readonly string[], bytes: number): string => base32(createHmac('sha256', key).update(JSON.stringify(parts)).digest().subarray(0, bytes));
  return { id: hash(['key'], idBytes), nameOf: (kind, normalised) => hash([kind, normalised], nameBytes) };
}

/** Of a multiple of five bytes. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join('');
}
