import { errors, jwtVerify, SignJWT } from 'jose';
import { CatalystError, toCatalystError } from '../../../contracts/errors.ts';
import { workPrincipalSchema } from '../../../contracts/workPrincipal.ts';
import type { PrincipalSignatures } from '../../../ports/principalSignatures.ts';
import type { TextSeal } from '../encryption/textSeal.ts';

export interface SigningKey {
  readonly id: string;
  /** At least 32 bytes. */
  readonly key: Uint8Array;
}

/** No token of a caller is of this type, whatever key it is signed by. */
const type = 'catalyst-principal+jwt';
const algorithm = 'HS256';

/** Signed principals as JWTs by HMAC-SHA256: the first key signs, all verify. With a seal nobody reads in a history whom they are for. */
export function createPrincipalSignatures(keys: readonly SigningKey[], seal: TextSeal): PrincipalSignatures {
  const [first] = keys;
  if (first === undefined) throw new CatalystError('CONFIGURATION_INVALID', 'There is no key to sign principals with.');
  const known = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    async sign(principal) {
      const text = await new SignJWT(workPrincipalSchema.parse(principal)).setProtectedHeader({ alg: algorithm, typ: type, kid: first.id }).setIssuedAt().sign(first.key);
      return seal.seal(principal.kind === 'tenant' ? principal.tenant : undefined, text);
    },

    isCurrent(text) {
      try {
        return seal.isCurrent(text) && keyIdOf(seal.open(text)) === first.id;
      } catch {
        return false;
      }
    },

    async verify(text) {
      const claims = await verifiedClaims(opened(text, seal), known);
      const { iat: _issuedAt, ...principal } = claims;
      const parsed = workPrincipalSchema.safeParse(principal);
      if (!parsed.success) throw refused('it says something else than principals do');
      return parsed.data;
    },
  };
}

/** Id of the key in the head of a text; not verified. */
function keyIdOf(text: string): unknown {
  const [header = ''] = text.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly kid?: unknown };
  return kid;
}

function opened(text: string, seal: TextSeal): string {
  try {
    return seal.open(text);
  } catch (thrown) {
    throw toCatalystError(thrown).code === 'PAYLOAD_UNREADABLE' ? refused('it was changed') : thrown;
  }
}

async function verifiedClaims(text: string, known: ReadonlyMap<string, Uint8Array>): Promise<Record<string, unknown>> {
  try {
    const keyOf = ({ kid = '' }: { readonly kid?: string }): Uint8Array => {
      const key = known.get(kid);
      if (key === undefined) throw new CatalystError('PRINCIPAL_KEY_UNKNOWN', `The principal of the workflow was signed by the key "${kid.slice(0, 64)}", which is not among CATALYST_PRINCIPAL_KEYS here.`);
      return key;
    };
    const { payload } = await jwtVerify(text, keyOf, { algorithms: [algorithm], typ: type, requiredClaims: ['iat'] });
    return payload;
  } catch (thrown) {
    if (thrown instanceof CatalystError) throw thrown;
    throw refused(thrown instanceof errors.JWSSignatureVerificationFailed ? 'its signature is wrong' : 'it is not a signed principal');
  }
}

function refused(why: string): CatalystError {
  return new CatalystError('PRINCIPAL_REFUSED', `The principal of the workflow is not one of ours: ${why}.`);
}
