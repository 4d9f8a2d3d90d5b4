import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { SecretRecord } from '../../ports/apiKeyRegistry.ts';
import { hashSecret } from './secretHash.ts';

/** `catalyst_PREFIX_SECRET`: recognisable to people and to scanners of leaked secrets. */
export interface PresentedSecret {
  /** `catalyst_` and what tells keys apart. */
  readonly prefix: string;
  readonly secret: string;
}

const form = /^(catalyst_[a-z2-7]{12})_([A-Za-z0-9_-]{43})$/;
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const prefixLetters = 12;
/** Nobody guesses 256 bits, whatever a guess costs. */
const secretBytes = 32;

/** Undefined for what is no API key, such as a JWT. */
export function readApiKey(token: string): PresentedSecret | undefined {
  const [, prefix, secret] = form.exec(token) ?? [];
  return prefix === undefined || secret === undefined ? undefined : { prefix, secret };
}

/** A new key: the whole of it for its holder, and what is kept of it. */
export async function makeApiKey(): Promise<{ readonly token: string; readonly record: SecretRecord }> {
  const letters = Array.from({ length: prefixLetters }, () => alphabet[randomInt(alphabet.length)]).join('');
  const prefix = `catalyst_${letters}`;
  const secret = randomBytes(secretBytes).toString('base64url');
  return { token: `${prefix}_${secret}`, record: { prefix, check: checkOf(secret), hash: await hashSecret(secret) } };
}

/**
 * 32 of the 256 bits that SHA-256 makes of the secret: all but one of 4 billion wrong secrets are refused by it, before scrypt costs anything.
 * Who reads it in the database has 224 bits left to guess.
 */
export function checkOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}
