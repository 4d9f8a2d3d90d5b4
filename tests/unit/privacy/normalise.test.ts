import { describe, expect, it } from 'vitest';
import { createVaultNames } from '../../../src/adapters/postgres/vault/vaultNames.ts';
import { vaultNamePattern } from '../../../src/contracts/vault.ts';
import { normalise } from '../../../src/privacy/normalise.ts';

describe('values of personal data', () => {
  it.each([
    ['email', 'Jane@Example.org ', 'jane@example.org'],
    ['phone', '+49 (30) 901-820', '+4930901820'],
    ['phone', '030 901820', '030901820'],
    ['card', '4111-1111 1111 1111', '4111111111111111'],
    ['ssn', '123-45-6789', '123456789'],
    ['iban', 'de89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['field', 'Jane  Doe', 'Jane Doe'],
  ] as const)('%s: %j is %j', (kind, value, same) => {
    expect(normalise(kind, value)).toBe(same);
  });
});

describe('names of entries', () => {
  const names = createVaultNames(Buffer.alloc(32, 1), 'acme');

  it('are the same for the same value, kind, tenant and key, and else others', () => {
    const name = names.nameOf('email', 'jane@example.org');
    expect(name).toMatch(vaultNamePattern);
    expect(createVaultNames(Buffer.alloc(32, 1), 'acme').nameOf('email', 'jane@example.org')).toBe(name);
    const others = [names.nameOf('field', 'jane@example.org'), names.nameOf('email', 'joe@example.org'), createVaultNames(Buffer.alloc(32, 1), 'other').nameOf('email', 'jane@example.org'), createVaultNames(Buffer.alloc(32, 2), 'acme').nameOf('email', 'jane@example.org')];
    expect(new Set([name, ...others]).size).toBe(5);
    expect(new Set([names.id, createVaultNames(Buffer.alloc(32, 1), 'other').id, createVaultNames(Buffer.alloc(32, 2), 'acme').id]).size).toBe(3);
  });
});
