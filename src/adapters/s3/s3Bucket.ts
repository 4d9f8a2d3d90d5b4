import { CreateBucketCommand, HeadBucketCommand, ListObjectsV2Command, type BucketLocationConstraint } from '@aws-sdk/client-s3';
import { attempt, type S3Access } from './s3Access.ts';
import { s3Status, translateS3Failure } from './s3Failures.ts';

/** Resolves with where the bucket is; throws ARTIFACT_STORE_UNAVAILABLE. */
export async function checkBucket(access: S3Access, signal: AbortSignal): Promise<string> {
  const { client, settings } = access;
  // Not a HEAD: its refusal has no body, and so does not tell a missing bucket from a wrong key.
  await attempt(access, undefined, () => client.send(new ListObjectsV2Command({ Bucket: settings.bucket, MaxKeys: 1, Prefix: 'tenants/-' }), { abortSignal: signal }));
  return `bucket ${settings.bucket} at ${settings.endpoint}`;
}

export async function prepareBucket(access: S3Access): Promise<void> {
  const { client, settings } = access;
  try {
    await client.send(new HeadBucketCommand({ Bucket: settings.bucket }));
  } catch (error) {
    if (s3Status(error) !== 404) throw translateS3Failure(settings, error);
    await attempt(access, undefined, () => createBucket(access));
  }
}

async function createBucket({ client, settings }: S3Access): Promise<void> {
  const constraint = settings.region as BucketLocationConstraint;
  // Region us-east-1 is the only one that may not be named.
  const location = settings.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: constraint } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: settings.bucket, ...location }));
  } catch (error) {
    // API and worker start together: the other one was first.
    if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
  }
}
