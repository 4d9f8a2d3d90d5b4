import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codecDoorUrl, needsCodecDoor } from '../codecDoor.ts';
import { goProgram, installWithGo } from '../install/goInstall.ts';
import { programOnPath } from '../install/programOnPath.ts';
import type { InstallWatch } from '../install/toolCache.ts';
import type { Environment } from '../processEnvironment.ts';
import type { LocalSettings } from '../settings.ts';
import type { ServicePlan } from '../supervision/servicePlan.ts';
import { questionTimeout, type Choice, type Dependency, type StackContext } from './dependency.ts';

/** Newer tags carry `replace` lines in go.mod, which `go install` refuses. */
export const temporalProgram = {
  name: 'temporal',
  version: '1.5.1',
  module: 'github.com/temporalio/cli/cmd/temporal',
  instead: 'put the Temporal CLI (program "temporal") on PATH, or set TEMPORAL_ADDRESS to a running server',
};

/** Written by the workflows, so that an operator finds a job in the Temporal Web UI. */
const searchAttributes = ['CatalystTenant', 'CatalystJobState', 'CatalystSource'];

export const temporal: Dependency = {
  name: 'temporal',
  title: 'Temporal',
  installing: 'building Temporal CLI and server from source, once (about 3 minutes on 2 idle cores)',

  find(settings: LocalSettings): Promise<Choice | undefined> {
    const address = settings.environment['TEMPORAL_ADDRESS'] ?? settings.environment['TEMPORAL_CONFIG_FILE'];
    if (address !== undefined) return Promise.resolve({ origin: 'address', location: address });
    const onPath = programOnPath('temporal', settings.environment);
    return Promise.resolve(onPath === undefined ? goProgram(settings, temporalProgram) : { origin: 'path', location: onPath });
  },

  install: (settings: LocalSettings, watch: InstallWatch): Promise<Choice> => installWithGo(settings, temporalProgram, watch),

  ports: () => ['temporal', 'temporalUi'],

  async plan(context: StackContext, choice: Choice): Promise<ServicePlan> {
    const { settings } = context;
    const folder = join(settings.stateDirectory, 'temporal');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(clientConfiguration(settings), '# Empty on purpose: nothing of another server applies to this one.\n[profile.default]\n');
    const address = `127.0.0.1:${settings.ports.temporal}`;
    return {
      name: 'temporal',
      title: this.title,
      command: choice.location,
      arguments: serverArguments(settings, join(folder, 'temporal.db')),
      environment: { ...settings.environment },
      workingDirectory: folder,
      probe: async () => void (await describeNamespace({ address }, 'default')),
      readyWithinMilliseconds: 60_000,
      stopSignal: 'SIGTERM',
      stopWithinMilliseconds: 15_000,
    };
  },

  environment: (context: StackContext, choice: Choice): Record<string, string> =>
    choice.origin === 'address'
      ? {}
      : {
          TEMPORAL_ADDRESS: `127.0.0.1:${context.settings.ports.temporal}`,
          TEMPORAL_NAMESPACE: 'default',
          // Else the user's own client configuration file, say for Temporal Cloud, would add its TLS and API key.
          TEMPORAL_CONFIG_FILE: clientConfiguration(context.settings),
        },

  async ask(environment: Environment): Promise<string> {
    const { loadClientConnectConfig } = await import('@temporalio/envconfig');
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: { ...environment } });
    const { address, apiKey, tls } = connectionOptions;
    const options = {
      address: address ?? 'localhost:7233',
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(tls === undefined || tls === null ? {} : { tls }),
    };
    return `server ${await describeNamespace(options, namespace ?? 'default')}`;
  },
};

function clientConfiguration(settings: LocalSettings): string {
  return join(settings.stateDirectory, 'temporal', 'client.toml');
}

function serverArguments(settings: LocalSettings, databaseFile: string): string[] {
  return [
    'server', 'start-dev',
    '--ip', '127.0.0.1',
    '--port', String(settings.ports.temporal),
    '--ui-port', String(settings.ports.temporalUi),
    '--db-filename', databaseFile,
    // Two to eight times the throughput of SQLite's defaults, and still safe against a killed process.
    '--sqlite-pragma', 'journal_mode=wal',
    '--sqlite-pragma', 'synchronous=1',
    ...['default', ...namespacesOfTenants(settings)].flatMap((name) => ['--namespace', name]),
    ...(needsCodecDoor(settings.environment) ? ['--ui-codec-endpoint', codecDoorUrl(settings)] : []),
    ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    // One busy tenant must not keep the others waiting.
    '--dynamic-config-value', 'matching.useNewMatcher=true',
    '--dynamic-config-value', 'matching.enableFairness=true',
    '--log-level', 'warn',
    '--color', 'never',
  ];
}

/** Those that CATALYST_TEMPORAL_NAMESPACES names: on a server of one's own nobody else makes them. */
function namespacesOfTenants({ environment }: LocalSettings): string[] {
  const pairs = (environment['CATALYST_TEMPORAL_NAMESPACES'] ?? '').split(',');
  return [...new Set(pairs.map((pair) => pair.split(':')[1]?.trim() ?? '').filter((name) => name !== ''))];
}

/** @returns the server's version, once it answers and the namespace is there. */
async function describeNamespace(options: { address: string }, namespace: string): Promise<string> {
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ ...options, connectTimeout: questionTimeout });
  try {
    return await connection.withDeadline(Date.now() + questionTimeout, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      const info = await connection.workflowService.getSystemInfo({});
      return info.serverVersion ?? 'of unknown version';
    });
  } finally {
    await connection.close();
  }
}
