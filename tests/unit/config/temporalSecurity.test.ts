import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { completeEnvironment } from './completeEnvironment.ts';

const secret = randomBytes(32);
const key = secret.toString('base64');
const load = (more: Record<string, string>) => loadConfig({ ...completeEnvironment, ...more });

function refusalOf(more: Record<string, string>): string {
  try {
    load(more);
    return '';
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CatalystError);
    return (thrown as CatalystError).message;
  }
}

describe('keys of principals and payloads', () => {
  it('are read in their order, in either alphabet of base64, and unsigned work is refused unless it is said', () => {
    const other = randomBytes(40);
    const { principals, payloads } = load({ CATALYST_PRINCIPAL_KEYS: `2026-11:${key}, old:${other.toString('base64url')}` });
    expect(principals).toEqual({ acceptUnsigned: false, keys: [{ id: '2026-11', key: new Uint8Array(secret) }, { id: 'old', key: new Uint8Array(other) }] });
    expect(payloads).toEqual({ encrypt: false, keys: [] });
    expect(load({ CATALYST_UNSIGNED_WORKFLOWS: 'accept' }).principals.acceptUnsigned).toBe(true);
  });

  it.each([`a:${randomBytes(31).toString('base64')}`, key, `A:${key}`, `a b:${key}`, 'a:', `a:${key}!`, `ok:${key},a:short`])('are refused where they are none, without being told: %#', (list) => {
    const message = refusalOf({ CATALYST_PRINCIPAL_KEYS: list });
    expect(message).toContain('CATALYST_PRINCIPAL_KEYS holds as number');
    expect([message.includes(key), message.includes('short')]).toEqual([false, false]);
  });

  it('have names of their own, and one purpose', () => {
    expect(refusalOf({ CATALYST_PRINCIPAL_KEYS: `a:${key},a:${randomBytes(32).toString('base64')}` })).toContain('names two keys alike');
    expect(refusalOf({ CATALYST_PRINCIPAL_KEYS: `a:${key}`, CATALYST_PAYLOAD_KEYS: `b:${secret.toString('base64url')}` })).toContain('CATALYST_PAYLOAD_KEYS holds a key of CATALYST_PRINCIPAL_KEYS');
  });

  it('must be there where payloads are to be encrypted', () => {
    expect(refusalOf({ CATALYST_PAYLOAD_ENCRYPTION: 'on' })).toContain('CATALYST_PAYLOAD_KEYS is not set');
    expect(load({ CATALYST_PAYLOAD_ENCRYPTION: 'on', CATALYST_PAYLOAD_KEYS: `b:${key}` }).payloads).toMatchObject({ encrypt: true, keys: [{ id: 'b' }] });
  });
});

describe('namespaces of tenants', () => {
  it('are named one by one', () => {
    expect(load({ CATALYST_TEMPORAL_NAMESPACES: 'acme:catalyst-acme, globex:g.1a2b' }).temporal.namespaces).toEqual({ common: 'default', own: { acme: 'catalyst-acme', globex: 'g.1a2b' } });
  });

  it.each(['acme', 'acme:', ':space', 'Acme:space', 'acme:sp ace', 'acme:one,acme:two', 'acme:one,globex:one'])('%j are none', (list) => {
    expect(refusalOf({ CATALYST_TEMPORAL_NAMESPACES: list })).toContain('CATALYST_TEMPORAL_NAMESPACES');
  });
});

describe('keys of the vault', () => {
  const sealing = { CATALYST_VAULT_KEYS: `v:${key}` };
  const naming = { CATALYST_VAULT_NAME_KEY: randomBytes(32).toString('base64') };

  it('are none unless they are set, and then go with the one that names', () => {
    expect(load({}).vault).toBeUndefined();
    expect(load(naming).vault).toBeUndefined();
    expect(load({ ...sealing, ...naming }).vault).toEqual({ keys: [{ id: 'v', key: new Uint8Array(secret) }], nameKey: new Uint8Array(Buffer.from(naming.CATALYST_VAULT_NAME_KEY, 'base64')) });
    expect(refusalOf(sealing)).toContain('CATALYST_VAULT_NAME_KEY is not set');
  });

  it.each([randomBytes(31).toString('base64'), 'not base64!'])('are refused where they are none, without being told: %#', (wrong) => {
    const message = refusalOf({ ...sealing, CATALYST_VAULT_NAME_KEY: wrong });
    expect(message).toContain('CATALYST_VAULT_NAME_KEY is no key of at least 32 bytes in base64');
    expect(message).not.toContain(wrong);
  });

  it('serve for nothing else', () => {
    for (const other of [{ CATALYST_PRINCIPAL_KEYS: `p:${key}` }, { CATALYST_PAYLOAD_KEYS: `p:${key}` }, { CATALYST_VAULT_NAME_KEY: key }]) {
      expect(refusalOf({ ...sealing, ...naming, ...other })).toContain('CATALYST_VAULT_KEYS holds a key that serves for something else');
    }
  });
});
