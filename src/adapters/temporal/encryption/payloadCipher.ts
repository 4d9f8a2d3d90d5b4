import { CatalystError } from '../../../contracts/errors.ts';
import { createTenantCipher } from '../../shared/tenantCipher.ts';
import type { MasterKey, TenantCipher } from '../../shared/tenantCipher.ts';

/** Stands for no tenant in particular; no tenant can be called so. */
export const platform = '*';

export function unreadable(why: string): CatalystError {
  return new CatalystError('PAYLOAD_UNREADABLE', `The payload cannot be decrypted: ${why}.`);
}

export function unknownKey(keyId: string): CatalystError {
  return new CatalystError('PAYLOAD_KEY_UNKNOWN', `The payload is encrypted by the key "${keyId.slice(0, 64)}", which is not among CATALYST_PAYLOAD_KEYS here.`);
}

/** Of what Temporal stores. Its \`open\` throws PAYLOAD_UNREADABLE, PAYLOAD_KEY_UNKNOWN. */
export function createPayloadCipher(masterKeys: readonly MasterKey[]): TenantCipher {
  return createTenantCipher(masterKeys, { name: 'catalyst temporal payload 1', unknownKey, unreadable });
}
