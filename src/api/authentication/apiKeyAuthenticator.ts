import { createHash, timingSafeEqual } from 'node:crypto';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ApiKeyRegistry, PresentedApiKey } from '../../ports/apiKeyRegistry.ts';
import { checkOf } from './apiKeySecret.ts';
import type { PresentedSecret } from './apiKeySecret.ts';
import { createApiKeyStandings } from './apiKeyStandings.ts';
import { isSecretOf } from './secretHash.ts';

export interface ApiKeyAuthenticator {
  /** Throws UNAUTHENTICATED, or AUTHENTICATION_UNAVAILABLE where the registry does not answer. */
  authenticate(presented: PresentedSecret): Promise<Principal>;
}

export interface ApiKeyAuthenticatorOptions {
  readonly registry: Pick<ApiKeyRegistry, 'lookUp' | 'markUsed'>;
  readonly emit: EventSink;
}

/** A revocation is heeded by all processes within this time and one read: well under a second. */
const freshMs = 400;
const patienceMs = 2_000;
const lastUseMs = 60_000;
const mostKept = 10_000;

/**
 * What a request costs: nothing but two digests while the standing of its key is fresh, one read by an index where it is not, and scrypt
 * once a secret and process.
 */
export function createApiKeyAuthenticator({ registry, emit }: ApiKeyAuthenticatorOptions): ApiKeyAuthenticator {
  const standings = createApiKeyStandings({ lookUp: (prefix) => registry.lookUp(prefix), freshMs, patienceMs });
  const proves = createSecretProof();
  const tellUse = createUseNotes(registry, emit);
  return {
    async authenticate({ prefix, secret }) {
      const key = await standings.read(prefix);
      // The same answer for a prefix that never was as for a wrong secret.
      if (key === undefined || !(await proves(key, secret))) throw new CatalystError('UNAUTHENTICATED', 'The API key is not valid.');
      if (key.revokedAt !== null) throw new CatalystError('UNAUTHENTICATED', 'The API key has been revoked.');
      if (key.expiresAt !== null && key.expiresAt.getTime() <= Date.now()) throw new CatalystError('UNAUTHENTICATED', 'The API key has expired.');
      tellUse(key);
      return principalOfKey(key);
    },
  };
}

function principalOfKey({ tenant, id, scopes, policies }: PresentedApiKey): Principal {
  return { tenant, subject: `key:${id}`, roles: [], scopes: [...scopes], policies: [...policies] };
}

/** Whether a secret is the key's. What was proven is remembered by a digest over hash and secret, so that another hash is another question. */
function createSecretProof(): (key: PresentedApiKey, secret: string) => Promise<boolean> {
  const proofs = new Map<string, Promise<boolean>>();
  return (key, secret) => {
    const { check, hash } = key.secret;
    if (!timingSafeEqual(digestOf(check), digestOf(checkOf(secret)))) return Promise.resolve(false);
    const question = digestOf(`${hash}\n${secret}`).toString('base64');
    const known = proofs.get(question);
    if (known !== undefined) return known;
    if (proofs.size >= mostKept) proofs.clear();
    const proof = isSecretOf(hash, secret);
    proofs.set(question, proof);
    const forget = (): void => void proofs.delete(question);
    proof.then((isProven) => (isProven ? undefined : forget()), forget);
    return proof;
  };
}

/** Tells the registry of a use where the last one it knows of is a minute old; no request waits for that. */
function createUseNotes(registry: Pick<ApiKeyRegistry, 'markUsed'>, emit: EventSink): (key: PresentedApiKey) => void {
  const toldAt = new Map<string, number>();
  return ({ tenant, id, lastUsedAt }) => {
    const now = Date.now();
    if (now - Math.max(lastUsedAt?.getTime() ?? 0, toldAt.get(id) ?? 0) < lastUseMs) return;
    if (toldAt.size >= mostKept) toldAt.clear();
    toldAt.set(id, now);
    registry.markUsed(tenant, id).catch((thrown: unknown) => {
      const { code, message } = toCatalystError(thrown);
      emit({ type: 'dependency.failed', dependency: 'postgres', code, detail: `The last use of an API key was not recorded: ${message}` });
    });
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
