import { randomBytes } from 'node:crypto';
import fastCheck from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createPayloadCipher } from '../../../../src/adapters/temporal/encryption/payloadCipher.ts';
import { createTextSeal } from '../../../../src/adapters/temporal/encryption/textSeal.ts';
import { createPrincipalSignatures } from '../../../../src/adapters/temporal/principals/principalSignatures.ts';
import type { WorkPrincipal } from '../../../../src/contracts/workPrincipal.ts';

const old = { id: 'old', key: new Uint8Array(randomBytes(32)) };
const fresh = { id: 'fresh', key: new Uint8Array(randomBytes(32)) };
const open = createTextSeal(undefined, { seals: false });
const sealing = createTextSeal(createPayloadCipher([{ id: 'p', key: randomBytes(32) }]), { seals: true });
const principal: WorkPrincipal = { kind: 'tenant', tenant: 'acme', subject: 'somebody@acme.example', workflowId: 'job/acme/1' };

describe.each([['clear', open], ['sealed', sealing]] as const)('a signed principal, %s', (_how, seal) => {
  const signatures = createPrincipalSignatures([fresh, old], seal);

  it('says who it is for, and for which work', async () => {
    expect(await signatures.verify(await signatures.sign(principal))).toEqual(principal);
    const platform = { kind: 'platform', workflowId: 'catalyst/sweep' } as const;
    expect(await signatures.verify(await signatures.sign(platform))).toEqual(platform);
  });

  it('is refused when any character of it was changed', async () => {
    const text = await signatures.sign(principal);
    await fastCheck.assert(
      fastCheck.asyncProperty(fastCheck.nat(text.length - 1), fastCheck.constantFrom(...'ABCxyz019-_.'), async (position, character) => {
        fastCheck.pre(text[position] !== character);
        const changed = text.slice(0, position) + character + text.slice(position + 1);
        // The last character of base64url holds bits that say nothing: the same bytes, then, and the same principal.
        await signatures.verify(changed).then(
          (verified) => expect([verified, lastBits(text, position)]).toEqual([principal, true]),
          (error: unknown) => expect(['PRINCIPAL_REFUSED', 'PRINCIPAL_KEY_UNKNOWN', 'PAYLOAD_KEY_UNKNOWN']).toContain((error as { code: string }).code),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('is refused when it is no such text at all', async () => {
    await fastCheck.assert(
      fastCheck.asyncProperty(fastCheck.oneof(fastCheck.string(), fastCheck.constantFrom('', '.', '..', '...', 'sealed.p.acme.', 'sealed...x')), async (text) => {
        await expect(signatures.verify(text)).rejects.toMatchObject({ code: expect.stringMatching(/^P/) as string });
      }),
    );
  });
});

function lastBits(text: string, position: number): boolean {
  return position === text.length - 1;
}

describe('keys of signatures', () => {
  const signatures = createPrincipalSignatures([fresh, old], open);

  it('all verify, the first signs', async () => {
    const before = await createPrincipalSignatures([old], open).sign(principal);
    expect(await signatures.verify(before)).toEqual(principal);
    expect([signatures.isCurrent(before), signatures.isCurrent(await signatures.sign(principal)), signatures.isCurrent('something else')]).toEqual([false, true, false]);
    await expect(createPrincipalSignatures([old], open).verify(await signatures.sign(principal))).rejects.toMatchObject({ code: 'PRINCIPAL_KEY_UNKNOWN' });
  });

  it('are told apart by what they are, not by how they are called', async () => {
    const impostor = createPrincipalSignatures([{ id: 'fresh', key: new Uint8Array(randomBytes(32)) }], open);
    await expect(signatures.verify(await impostor.sign(principal))).rejects.toMatchObject({ code: 'PRINCIPAL_REFUSED' });
  });

  it('sign nothing that says a workflow of one tenant is for another', async () => {
    await expect(signatures.sign({ ...principal, workflowId: 'job/globex/1' })).rejects.toThrow();
    const forged = await new SignJWT({ ...principal, workflowId: 'job/globex/1' }).setProtectedHeader({ alg: 'HS256', typ: 'catalyst-principal+jwt', kid: 'fresh' }).setIssuedAt().sign(fresh.key);
    await expect(signatures.verify(forged)).rejects.toMatchObject({ code: 'PRINCIPAL_REFUSED' });
  });

  it('make no token of a caller a principal: another type, no signature, another algorithm', async () => {
    const wrong = [{ alg: 'HS256', kid: 'fresh' }, { alg: 'HS256', typ: 'JWT', kid: 'fresh' }, { alg: 'HS384', typ: 'catalyst-principal+jwt', kid: 'fresh' }];
    for (const header of wrong) await expect(signatures.verify(await new SignJWT({ ...principal }).setProtectedHeader(header).setIssuedAt().sign(new Uint8Array(Buffer.concat([fresh.key, fresh.key]))))).rejects.toMatchObject({ code: 'PRINCIPAL_REFUSED' });
    const unsigned = ['{"alg":"none","typ":"catalyst-principal+jwt","kid":"fresh"}', JSON.stringify({ ...principal, iat: 1 })].map((part) => Buffer.from(part).toString('base64url'));
    await expect(signatures.verify(`${unsigned.join('.')}.`)).rejects.toMatchObject({ code: 'PRINCIPAL_REFUSED' });
  });
});
