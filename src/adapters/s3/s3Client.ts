import { S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from './s3Settings.ts';

const connections = 48;

/** A client with bounded sockets and times. One retry: whoever calls (Temporal) tries again in its own time. */
export function createS3Client(settings: S3Settings): S3Client {
  const agent = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  return new S3Client({
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: settings.forcePathStyle,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    maxAttempts: 2,
    // Every artifact carries a SHA-256 that is checked on reading; a second checksum would only cost time.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true, socketTimeout: 30_000, httpAgent: agent, httpsAgent: agent },
  });
}
