import { createHash } from 'node:crypto';
import { v5, v7 } from 'uuid';
import { z } from 'zod';

export const tenantSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, "-" and "_", at most 63 characters')
  .meta({ id: 'Tenant', example: 'demo' });
export const uuidSchema = z.uuid();

/** The root of all name-based identifiers of the product; never change it, stored identifiers depend on it. */
const productNamespace = '5b0f9d0e-6d0f-5c1c-9c55-2a4e3a4d7c11';

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;
export const digestSchema = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);

export function digestOf(...parts: readonly (string | Uint8Array)[]): Digest {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest('hex')}`;
}

/** Digest of any JSON value, independent of the order of object keys. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)))
      : inner,
  );
}

/** A document is named by its tenant and the canonical key of its source, so that the same source is the same document. */
export function documentIdOf(tenant: string, sourceKey: string): string {
  return v5(sourceKey, v5(`tenant:${tenant}`, productNamespace));
}

/**
 * A version is one content (with one set of attributes, made by one pipeline) of a document, as accepted once.
 * The sequence of acceptance keeps two jobs that bring the same content from writing the same points.
 */
export function versionIdOf(documentId: string, versionDigest: Digest, sequence: number): string {
  return v5(`${versionDigest}:${sequence}`, documentId);
}

/** A chunk's point in the index: the same chunk of the same version is always the same point. `recut`: that cut it (`Recut.id`); null: it came with the version. */
export function pointIdOf(versionId: string, ordinal: number, recut: string | null = null): string {
  return v5(recut === null ? String(ordinal) : `${ordinal}#${recut}`, versionId);
}

/** Of the deletion that a further page of a long one becomes when it is carried out again. */
export function deletionPageIdOf(deletionId: string, page: number): string {
  return page === 0 ? deletionId : v5(String(page), deletionId);
}

/** Time-ordered random identifier for jobs and uploads. */
export function newIdentifier(): string {
  return v7();
}
