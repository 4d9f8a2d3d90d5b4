import { artifactKinds, type ArtifactKind } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { tenantSchema, type Digest } from '../../contracts/identifiers.ts';

/** The part of the bucket that belongs to the tenant. */
export function tenantPrefix(tenant: string): string {
  if (!tenantSchema.safeParse(tenant).success) throw new CatalystError('INTERNAL', `"${tenant}" is not the name of a tenant.`);
  return `tenants/${tenant}/`;
}

/** The two digits spread the objects over folders, for stores that keep objects as files. */
export function contentKey(tenant: string, kind: ArtifactKind, digest: Digest): string {
  const hex = digest.slice('sha256:'.length);
  return `${tenantPrefix(tenant)}${kind}/${hex.slice(0, 2)}/${hex}`;
}

export function uploadKey(tenant: string, name: string): string {
  const key = `${tenantPrefix(tenant)}uploads/${name}`;
  if (!isPlainPath(key)) throw new CatalystError('INTERNAL', `"${name}" cannot be the name of an upload.`);
  return key;
}

/** Whether the product chose this key: of an artifact by its digest, or of an upload. */
export function isOwnKey(tenant: string, key: string): boolean {
  const name = key.slice(tenantPrefix(tenant).length);
  const [folder = ''] = name.split('/');
  return folder === 'uploads' || ((artifactKinds as readonly string[]).includes(folder) && /^[a-z]+\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name));
}

export function uriOf(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** The key that the address names, if it lies in the tenant's part of the bucket; ARTIFACT_NOT_FOUND for all else, as for a missing one. */
export function keyOf(tenant: string, bucket: string, uri: string): string {
  const prefix = uriOf(bucket, tenantPrefix(tenant));
  const key = uri.slice(uriOf(bucket, '').length);
  if (!uri.startsWith(prefix) || uri.length === prefix.length || !isPlainPath(key)) throw artifactNotFound(uri);
  return key;
}

export function artifactNotFound(uri: string): CatalystError {
  return new CatalystError('ARTIFACT_NOT_FOUND', `There is no artifact ${uri} for this tenant.`);
}

/** Whether no reader of the path, however often it decodes, can be led out of it: proxies and file systems resolve "..". */
function isPlainPath(key: string): boolean {
  let decoded = key;
  for (let round = 0; round < 4; round += 1) {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u001f\u007f\\]/.test(decoded)) return false;
    if (decoded.split('/').some((part) => part === '' || part === '.' || part === '..')) return false;
    const next = decodeOnce(decoded);
    if (next === decoded) return true;
    decoded = next;
  }
  return false;
}

/** A stray "%" stands for itself. */
function decodeOnce(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
}
