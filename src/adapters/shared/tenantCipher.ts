import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { CatalystError } from '../../contracts/errors.ts';

export interface MasterKey {
  readonly id: string;
  /** At least 32 bytes. */
  readonly key: Uint8Array;
}

/** Ciphertext, and by which key it is read. */
export interface Sealed {
  readonly keyId: string;
  /** Nonce of 12 bytes, tag of 16, ciphertext. */
  readonly bytes: Uint8Array;
}

/** AES-256-GCM with a key for each tenant; what is of one tenant cannot be passed off as another's, nor what was bound to one thing as another. */
export interface TenantCipher {
  /** Of the key that encrypts. */
  readonly currentKeyId: string;
  readonly seal: (tenant: string, plain: Uint8Array, boundTo?: readonly string[]) => Sealed;
  /** Throws what the use says of unknown keys and of what cannot be read. */
  readonly open: (tenant: string, sealed: Sealed, boundTo?: readonly string[]) => Uint8Array;
}

/** What is encrypted, and what its failures are called. */
export interface CipherUse {
  /** Keys of tenants are derived under it: never change it. */
  readonly name: string;
  readonly unknownKey: (keyId: string) => CatalystError;
  readonly unreadable: (why: string) => CatalystError;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Derived keys that are remembered; each takes some hundred bytes, and 10 µs to make. */
const mostKeys = 10_000;

/** The first key encrypts, all decrypt. The keys of tenants are derived from these (HKDF-SHA256): none is stored anywhere. */
export function createTenantCipher(masterKeys: readonly MasterKey[], use: CipherUse): TenantCipher {
  const [first] = masterKeys;
  if (first === undefined) throw new CatalystError('CONFIGURATION_INVALID', 'There is no key to encrypt with.');
  const known = new Map(masterKeys.map(({ id, key }) => [id, key]));
  const derived = new Map<string, Uint8Array>();
  const keyOf = (keyId: string, tenant: string): Uint8Array => {
    const master = known.get(keyId);
    if (master === undefined) throw use.unknownKey(keyId);
    const name = `${keyId}/${tenant}`;
    const kept = derived.get(name);
    if (kept !== undefined) return kept;
    const key = new Uint8Array(hkdfSync('sha256', master, new Uint8Array(0), `${use.name} ${tenant}`, 32));
    if (derived.size >= mostKeys) derived.clear();
    derived.set(name, key);
    return key;
  };
  return {
    currentKeyId: first.id,
    seal(tenant, plain, boundTo = []) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, keyOf(first.id, tenant), nonce, { authTagLength: tagBytes });
      cipher.setAAD(additionalData(first.id, tenant, boundTo));
      const text = [cipher.update(plain), cipher.final()];
      return { keyId: first.id, bytes: Buffer.concat([nonce, cipher.getAuthTag(), ...text]) };
    },
    open(tenant, { keyId, bytes }, boundTo = []) {
      const key = keyOf(keyId, tenant);
      if (bytes.length < nonceBytes + tagBytes) throw use.unreadable('it is too short');
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
        decipher.setAAD(additionalData(keyId, tenant, boundTo));
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
      } catch {
        throw use.unreadable('it was changed, or is of another tenant than it says');
      }
    },
  };
}

function additionalData(keyId: string, tenant: string, boundTo: readonly string[]): Uint8Array {
  return Buffer.from(JSON.stringify([1, keyId, tenant, ...boundTo]));
}
