import type { S3Client } from '@aws-sdk/client-s3';
import { translateS3Failure } from './s3Failures.ts';
import type { S3Settings } from './s3Settings.ts';

export interface S3Access {
  readonly client: S3Client;
  readonly settings: S3Settings;
}

/** Runs requests for one object and translates what they throw. */
export async function attempt<Result>(access: S3Access, uri: string | undefined, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translateS3Failure(access.settings, error, uri);
  }
}
