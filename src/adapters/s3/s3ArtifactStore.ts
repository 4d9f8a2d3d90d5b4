import type { ArtifactStore } from '../../ports/artifactStore.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { checkBucket, prepareBucket } from './s3Bucket.ts';
import { createS3Client } from './s3Client.ts';
import { deleteKeys } from './s3Delete.ts';
import { eraseRanges } from './s3Erase.ts';
import { keyOf, uploadKey, uriOf } from './s3Keys.ts';
import { linkToArtifact } from './s3Link.ts';
import { listStored } from './s3List.ts';
import { describeObject, readArtifacts, readWholeObject } from './s3Read.ts';
import type { S3Settings } from './s3Settings.ts';
import { streamArtifact } from './s3Stream.ts';
import { uploadStream } from './s3Upload.ts';
import { putPacked } from './s3Write.ts';

/** Artifacts in one bucket of any S3-compatible store, each tenant below a prefix of its own. */
export function createS3ArtifactStore(settings: S3Settings): ArtifactStore & HealthCheck {
  const client = createS3Client(settings);
  // Signing is reckoning: it sends nothing.
  const signer = settings.publicEndpoint === undefined ? client : createS3Client({ ...settings, endpoint: settings.publicEndpoint });
  const { bucket } = settings;
  const access: S3Access = { client, settings };

  return {
    name: 's3',
    check: (signal) => checkBucket(access, signal),
    prepare: () => prepareBucket(access),
    putAll: (tenant, kind, entries) => putPacked(access, tenant, kind, entries),
    getAll: (tenant, references) => readArtifacts(access, references, (uri) => keyOf(tenant, bucket, uri)),
    getObject: async (tenant, uri, maximumBytes) => readWholeObject(access, keyOf(tenant, bucket, uri), maximumBytes),
    async putStream(tenant, name, body, mediaType, maximumBytes) {
      const key = uploadKey(tenant, name);
      const { bytes, digest } = await attempt(access, uriOf(bucket, key), () => uploadStream({ client, bucket, key, mediaType, maximumBytes }, body));
      return { uri: uriOf(bucket, key), offset: 0, length: bytes, digest, mediaType };
    },
    describe: async (tenant, uri) => describeObject(access, keyOf(tenant, bucket, uri)),
    deleteObjects: async (tenant, uris) => deleteKeys(access, [...new Set(uris.map((uri) => keyOf(tenant, bucket, uri)))]),
    erase: async (tenant, references) => eraseRanges(access, references, (uri) => keyOf(tenant, bucket, uri)),
    listObjects: (tenant, cursor, limit) => listStored(access, tenant, cursor, limit),
    openStream: async (tenant, reference) => streamArtifact(access, keyOf(tenant, bucket, reference.uri), reference),
    link: async (tenant, reference, options) => linkToArtifact(access, signer, keyOf(tenant, bucket, reference.uri), reference, options),
  };
}
