import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPayloadCodec, createPayloadCrypt } from '../../../../src/adapters/temporal/encryption/payloadCodec.ts';
import { createPayloadCipher } from '../../../../src/adapters/temporal/encryption/payloadCipher.ts';
import { createTextSeal } from '../../../../src/adapters/temporal/encryption/textSeal.ts';

const old = { id: 'old', key: randomBytes(32) };
const fresh = { id: 'fresh', key: randomBytes(32) };
const cipher = createPayloadCipher([fresh, old]);
const codec = createPayloadCodec({ cipher, encrypts: true });
const within = (workflowId: string) => ({ type: 'workflow', namespace: 'default', workflowId }) as const;
const acme = within('job/acme/1');
const bytes = fastCheck.uint8Array({ maxLength: 200 });
const payload = fastCheck.record({ metadata: fastCheck.dictionary(fastCheck.string({ minLength: 1 }), bytes), data: bytes }) as fastCheck.Arbitrary<Payload>;

const plain = (value: Payload) => ({ metadata: Object.fromEntries(Object.entries(value.metadata ?? {}).map(([name, content]) => [name, Buffer.from(content).toString('hex')])), data: Buffer.from(value.data ?? []).toString('hex') });
const one = async (payloads: Promise<Payload[]>): Promise<Payload> => (await payloads)[0] as Payload;
const secret: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"who asked for it"') };

describe('the codec', () => {
  it('gives back what it was given, in any workflow of the tenant', async () => {
    await fastCheck.assert(
      fastCheck.asyncProperty(payload, async (value) => {
        const encoded = await codec.encode([value], acme);
        expect(plain(await one(codec.decode(encoded, within('document/acme/other'))))).toEqual(plain(value));
      }),
    );
  });

  it('hides the content, names key and tenant, and never writes the same twice', async () => {
    const [first, second] = await codec.encode([secret, secret], acme);
    expect(Buffer.from(first?.data ?? []).includes('who asked')).toBe(false);
    expect(Object.fromEntries(Object.entries(first?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString()]))).toEqual({ encoding: 'binary/encrypted', 'encryption-cipher': 'AES-256-GCM', 'encryption-key-id': 'fresh', 'encryption-tenant': 'acme' });
    expect(Buffer.compare(Buffer.from(first?.data ?? []), Buffer.from(second?.data ?? []))).not.toBe(0);
  });

  it('refuses what was changed, wherever', async () => {
    const encoded = await one(codec.encode([secret], acme));
    const length = encoded.data?.length ?? 0;
    await fastCheck.assert(
      fastCheck.asyncProperty(fastCheck.nat(length - 1), fastCheck.integer({ min: 1, max: 255 }), async (position, change) => {
        const data = Buffer.from(encoded.data ?? []);
        data[position] = (data[position] ?? 0) ^ change;
        await expect(codec.decode([{ ...encoded, data }], acme)).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
      }),
    );
    for (const kept of [0, 11, 27, length - 1]) await expect(codec.decode([{ ...encoded, data: (encoded.data ?? new Uint8Array(0)).subarray(0, kept) }], acme)).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });

  it('refuses a payload of another tenant, under its own name as under a borrowed one', async () => {
    const foreign = await one(codec.encode([secret], within('job/globex/1')));
    await expect(codec.decode([foreign], acme)).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
    const renamed = { ...foreign, metadata: { ...foreign.metadata, 'encryption-tenant': Buffer.from('acme') } };
    await expect(codec.decode([renamed], acme)).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });

  it('encrypts by the first key, and reads what any of its keys encrypted', async () => {
    const before = createPayloadCodec({ cipher: createPayloadCipher([old]), encrypts: true });
    const encoded = await before.encode([secret], acme);
    expect(plain(await one(codec.decode(encoded, acme)))).toEqual(plain(secret));
    const fromNow = await codec.encode([secret], acme);
    await expect(before.decode(fromNow, acme)).rejects.toMatchObject({ code: 'PAYLOAD_KEY_UNKNOWN', message: expect.stringContaining('"fresh"') as string });
  });

  it('reads without encrypting while it is off, and leaves what is not encrypted as it is', async () => {
    const off = createPayloadCodec({ cipher, encrypts: false });
    expect(await off.encode([secret], acme)).toEqual([secret]);
    expect(plain(await one(off.decode(await codec.encode([secret], acme), acme)))).toEqual(plain(secret));
    expect(await codec.decode([secret], acme)).toEqual([secret]);
    await expect(createPayloadCodec({ cipher: undefined, encrypts: false }).decode(await codec.encode([secret], acme), acme)).rejects.toMatchObject({ code: 'PAYLOAD_KEY_UNKNOWN' });
  });
});

describe('outside of workflows', () => {
  const crypt = createPayloadCrypt({ cipher, encrypts: true });

  it('payloads are read by the tenant that they name, and what is encrypted by hand is read in any workflow', async () => {
    expect(crypt.decode(await codec.encode([secret, secret], acme)).map((value) => plain(value as Payload))).toEqual([plain(secret), plain(secret)]);
    expect(plain(await one(codec.decode(crypt.encode([secret]) as Payload[], acme)))).toEqual(plain(secret));
  });
});

describe('a sealed text', () => {
  const seal = createTextSeal(cipher, { seals: true });

  it('is read by whoever has the keys, and not when it was changed or given another tenant', () => {
    const sealed = seal.seal('acme', 'who it is for');
    expect([seal.open(sealed), sealed.includes('who it is')]).toEqual(['who it is for', false]);
    expect(() => seal.open(sealed.replace('.acme.', '.globex.'))).toThrow(expect.objectContaining({ code: 'PAYLOAD_UNREADABLE' }) as Error);
    expect(() => createTextSeal(undefined, { seals: false }).open(sealed)).toThrow(expect.objectContaining({ code: 'PAYLOAD_KEY_UNKNOWN' }) as Error);
  });

  it('is current as long as it is sealed as texts are now', () => {
    const off = createTextSeal(cipher, { seals: false });
    const before = createTextSeal(createPayloadCipher([old]), { seals: true }).seal('acme', 'x');
    const sealed = seal.seal('acme', 'x');
    expect([seal.isCurrent(sealed), seal.isCurrent(before), seal.isCurrent('x'), off.isCurrent('x'), off.isCurrent(sealed)]).toEqual([true, false, false, true, false]);
  });
});
