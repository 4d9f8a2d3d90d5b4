import { startTestStack } from '../../../infra/local/testStack.ts';
import type { S3Settings } from '../../../src/adapters/s3/s3Settings.ts';

export interface ObjectStore {
  readonly settings: S3Settings;
  stop(): Promise<void>;
}

/** A real S3 server with a bucket of its own: the one at S3_ENDPOINT, or one that the local stack starts. */
export async function startObjectStore(): Promise<ObjectStore> {
  if (process.env['S3_ENDPOINT'] !== undefined) return { settings: settingsFrom(process.env), stop: () => Promise.resolve() };
  const stack = await startTestStack({ services: ['s3'] });
  return { settings: settingsFrom(stack.environment), stop: () => stack.stop() };
}

function settingsFrom(environment: Readonly<Record<string, string | undefined>>): S3Settings {
  return {
    endpoint: environment['S3_ENDPOINT']!,
    region: environment['S3_REGION'] ?? 'us-east-1',
    bucket: `contract-${Date.now()}`,
    accessKeyId: environment['S3_ACCESS_KEY_ID']!,
    secretAccessKey: environment['S3_SECRET_ACCESS_KEY']!,
    forcePathStyle: true,
  };
}
