import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { StoredObject } from '../../ports/artifactStore.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { isOwnKey, tenantPrefix, uriOf } from './s3Keys.ts';

/** The cursor is the last key seen, so that a page stays right when objects before it are removed meanwhile. */
export async function listStored(access: S3Access, tenant: string, cursor: string | undefined, limit: number): Promise<{ readonly objects: readonly StoredObject[]; readonly next: string | undefined }> {
  const { client, settings } = access;
  const Prefix = tenantPrefix(tenant);
  const after = cursor === undefined ? {} : { StartAfter: Prefix + cursor };
  const page = await attempt(access, undefined, () => client.send(new ListObjectsV2Command({ Bucket: settings.bucket, Prefix, MaxKeys: limit, ...after })));
  const contents = page.Contents ?? [];
  const objects = contents.flatMap(({ Key, Size, LastModified, ETag }) =>
    Key === undefined ? [] : [{ uri: uriOf(settings.bucket, Key), bytes: Size ?? 0, storedAt: LastModified ?? new Date(), mark: ETag ?? '', ours: isOwnKey(tenant, Key) }],
  );
  return { objects, next: page.IsTruncated === true ? contents.at(-1)?.Key?.slice(Prefix.length) : undefined };
}
