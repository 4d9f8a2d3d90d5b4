import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { CatalystError } from '../../contracts/errors.ts';

const block = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;
/** RFC 7518, 3.3. */
const minimumRsaBits = 2048;
const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/**
 * The keys of a text with one or several PEM blocks, such as the present one and the next; `\n` may be written for the ends of lines.
 * Throws CONFIGURATION_INVALID for anything but public keys that may sign tokens.
 */
export function publicKeysOf(pem: string): JWK[] {
  const blocks = [...pem.replaceAll('\\n', '\n').matchAll(block)];
  if (blocks.length === 0) throw invalid('holds no PEM block');
  return blocks.map(([text, label]) => {
    if (label !== 'PUBLIC KEY') throw invalid(`holds a block "${label}"; it takes PUBLIC KEY (SPKI) alone`);
    return readKey(text).export({ format: 'jwk' });
  });
}

function readKey(text: string): KeyObject {
  const key = parse(text);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  if (type === 'ed25519') return key;
  if (type === 'ec' && curves.has(details.namedCurve ?? '')) return key;
  if (type === 'rsa' && (details.modulusLength ?? 0) >= minimumRsaBits) return key;
  throw invalid(`holds a key that is none of Ed25519, P-256, P-384, P-521 and RSA of at least ${minimumRsaBits} bits`);
}

function parse(text: string): KeyObject {
  try {
    return createPublicKey(text);
  } catch (error) {
    throw invalid('holds a block that is no key', error);
  }
}

function invalid(what: string, cause?: unknown): CatalystError {
  return new CatalystError('CONFIGURATION_INVALID', `CATALYST_AUTH_PUBLIC_KEY ${what}.`, { cause });
}
