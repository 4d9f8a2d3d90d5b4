import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { goProgram, installWithGo } from '../install/goInstall.ts';
import { programOnPath } from '../install/programOnPath.ts';
import type { InstallWatch } from '../install/toolCache.ts';
import type { Environment } from '../processEnvironment.ts';
import type { LocalSettings } from '../settings.ts';
import type { ServicePlan } from '../supervision/servicePlan.ts';
import { questionTimeout, type Choice, type Dependency, type StackContext } from './dependency.ts';

export const s3Program = {
  name: 'versitygw',
  version: '1.8.0',
  module: 'github.com/versity/versitygw/cmd/versitygw',
  instead: 'put versitygw on PATH, or set S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY to an S3 service',
};
/** A path no bucket can take: bucket names begin with a letter or digit. */
const healthPath = '/_healthz';

export const s3: Dependency = {
  name: 's3',
  title: 'S3 (versitygw)',
  installing: 'building the S3 server versitygw from source, once (about 1 minute on 2 idle cores)',

  find(settings: LocalSettings): Promise<Choice | undefined> {
    const address = settings.environment['S3_ENDPOINT'];
    if (address !== undefined) return Promise.resolve({ origin: 'address', location: address });
    const onPath = programOnPath('versitygw', settings.environment);
    return Promise.resolve(onPath === undefined ? goProgram(settings, s3Program) : { origin: 'path', location: onPath });
  },

  install: (settings: LocalSettings, watch: InstallWatch): Promise<Choice> => installWithGo(settings, s3Program, watch),

  ports: () => ['s3'],

  async plan(context: StackContext, choice: Choice): Promise<ServicePlan> {
    const { settings } = context;
    const [data, versions] = ['data', 'versions'].map((name) => join(settings.stateDirectory, 's3', name)) as [string, string];
    // Content is nobody else's on this machine.
    await mkdir(join(settings.stateDirectory, 's3'), { recursive: true, mode: 0o700 });
    await Promise.all([mkdir(data, { recursive: true }), mkdir(versions, { recursive: true })]);
    const address = `127.0.0.1:${settings.ports.s3}`;
    const keys = credentials(context);
    return {
      name: 's3',
      title: this.title,
      command: choice.location,
      arguments: ['--port', address, '--health', healthPath, '--quiet', '--keep-alive', 'posix', '--versioning-dir', versions, data],
      // The keys go through the environment: a command line can be read by every user of the machine.
      environment: { ...settings.environment, ROOT_ACCESS_KEY: keys.S3_ACCESS_KEY_ID, ROOT_SECRET_KEY: keys.S3_SECRET_ACCESS_KEY },
      workingDirectory: data,
      probe: () => requireHealthy(`http://${address}${healthPath}`),
      readyWithinMilliseconds: 30_000,
      stopSignal: 'SIGTERM',
      stopWithinMilliseconds: 10_000,
    };
  },

  environment: (context: StackContext, choice: Choice): Record<string, string> =>
    choice.origin === 'address'
      ? { S3_BUCKET: 'catalyst' }
      : {
          S3_ENDPOINT: `http://127.0.0.1:${context.settings.ports.s3}`,
          S3_REGION: 'us-east-1',
          S3_BUCKET: 'catalyst',
          ...credentials(context),
        },

  async ask(environment: Environment): Promise<string> {
    const { HeadBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
    const client = new S3Client({
      region: environment['S3_REGION'] ?? 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      ...(environment['S3_ENDPOINT'] === undefined ? {} : { endpoint: environment['S3_ENDPOINT'] }),
      ...(environment['S3_ACCESS_KEY_ID'] === undefined
        ? {}
        : { credentials: { accessKeyId: environment['S3_ACCESS_KEY_ID'], secretAccessKey: environment['S3_SECRET_ACCESS_KEY'] ?? '' } }),
    });
    const bucket = environment['S3_BUCKET'] ?? 'catalyst';
    try {
      await client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: AbortSignal.timeout(questionTimeout) });
      return `bucket ${bucket}`;
    } catch (error) {
      // An answer all the same: the API makes the bucket when it starts.
      if (error instanceof Error && error.name === 'NotFound') return `bucket ${bucket} not made yet`;
      throw error;
    } finally {
      client.destroy();
    }
  },
};

/** The user's own keys win, here too: what the product signs with is what the server knows. */
function credentials(context: StackContext): { S3_ACCESS_KEY_ID: string; S3_SECRET_ACCESS_KEY: string } {
  const { settings, secrets } = context;
  return {
    S3_ACCESS_KEY_ID: settings.environment['S3_ACCESS_KEY_ID'] ?? secrets.s3AccessKeyId,
    S3_SECRET_ACCESS_KEY: settings.environment['S3_SECRET_ACCESS_KEY'] ?? secrets.s3SecretAccessKey,
  };
}

async function requireHealthy(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(questionTimeout) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
