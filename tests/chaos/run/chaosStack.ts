import { CatalystClient } from '../../../src/sdk/client.ts';
import { startFullStack } from '../../support/fullStack.ts';
import type { FullStack } from '../../support/fullStack.ts';
import { startRecordingEmbedder } from '../../support/recordingEmbedder.ts';
import type { RecordingEmbedder } from '../../support/recordingEmbedder.ts';
import { FaultProxy } from '../network/faultProxy.ts';
import type { LinkName } from '../schedule/schedule.ts';

export interface ChaosStackOptions {
  /** What a text costs the embedding endpoint. */
  readonly millisecondsPerText: number;
  /** Settings of the product. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A whole stack whose every connection leads through a proxy that can be made to fail. */
export interface ChaosStack {
  readonly stack: FullStack;
  readonly links: Readonly<Record<LinkName, FaultProxy>>;
  readonly embedder: RecordingEmbedder;
  /** Addresses past the proxies, for those who look on. */
  readonly direct: Readonly<Record<string, string>>;
  readonly tenant: string;
  /** Ends of the API and the worker that were nobody's kill: no failure of what they depend on may end them. */
  readonly ownEnds: readonly string[];
  /** Through the proxy in front of the API, with a token for an hour; gives up on a silent call after 20 s. */
  readonly newClient: () => Promise<CatalystClient>;
  stop(): Promise<void>;
}

const tenant = 'chaos';

/** The variables that name an address, by the connection that they lead. */
const addresses = { temporal: 'TEMPORAL_ADDRESS', postgres: 'DATABASE_URL', s3: 'S3_ENDPOINT', qdrant: 'QDRANT_URL' } as const;

export async function startChaosStack(options: ChaosStackOptions): Promise<ChaosStack> {
  const embedder = await startRecordingEmbedder(options.millisecondsPerText);
  const links: Partial<Record<LinkName, FaultProxy>> = { embedder: await FaultProxy.start({ host: '127.0.0.1', port: embedder.port }) };
  let direct: Readonly<Record<string, string>> = {};
  const closeAround = async (): Promise<void> => {
    await Promise.all(Object.values(links).map((link) => link.close()));
    await embedder.close();
  };
  try {
    const stack = await startFullStack(embeddingSettings(embedder, portOf(links.embedder), options.environment), {
      adaptEnvironment: async (environment) => {
        direct = environment;
        return { ...environment, ...(await putProxiesBetween(environment, links)) };
      },
    });
    links.api = await FaultProxy.start({ host: '127.0.0.1', port: stack.settings.ports.api });
    const url = `http://127.0.0.1:${links.api.port}`;
    const ownEnds = watchOwnEnds(stack);
    const newClient = async (): Promise<CatalystClient> => new CatalystClient({ url, token: await stack.tokenFor(tenant), timeoutMs: 20_000 });
    return { stack, links: links as Record<LinkName, FaultProxy>, embedder, direct, tenant, ownEnds, newClient, stop: () => stack.stop().finally(closeAround) };
  } catch (error) {
    await closeAround();
    throw error;
  }
}

function embeddingSettings(embedder: RecordingEmbedder, port: number, environment: Readonly<Record<string, string>>): Record<string, string> {
  return {
    CATALYST_EMBEDDING_PROVIDER: 'openai',
    CATALYST_EMBEDDING_BASE_URL: `http://127.0.0.1:${port}/v1`,
    CATALYST_EMBEDDING_MODEL: 'recording',
    CATALYST_EMBEDDING_DIMENSION: String(embedder.dimension),
    ...environment,
  };
}

async function putProxiesBetween(environment: Readonly<Record<string, string>>, links: Partial<Record<LinkName, FaultProxy>>): Promise<Record<string, string>> {
  const changed: Record<string, string> = {};
  for (const [name, variable] of Object.entries(addresses) as [keyof typeof addresses, string][]) {
    const address = environment[variable] ?? '';
    const port = /127\.0\.0\.1:(\d+)/.exec(address)?.[1];
    if (port === undefined) throw new Error(`${variable} names no port on loopback: ${address}`);
    const proxy = await FaultProxy.start({ host: '127.0.0.1', port: Number(port) });
    links[name] = proxy;
    changed[variable] = address.replace(`127.0.0.1:${port}`, `127.0.0.1:${proxy.port}`);
  }
  return changed;
}

function watchOwnEnds(stack: FullStack): readonly string[] {
  const ends: string[] = [];
  for (const name of ['api', 'worker'] as const) {
    stack.services[name]?.on('crashed', ({ code, signal }) => {
      if (signal !== 'SIGKILL') ends.push(`${name} ended by itself (${signal ?? `exit code ${String(code)}`})`);
    });
  }
  return ends;
}

function portOf(proxy: FaultProxy | undefined): number {
  if (proxy === undefined) throw new Error('The proxy was not started.');
  return proxy.port;
}
