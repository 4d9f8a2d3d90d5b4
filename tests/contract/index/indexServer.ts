import { randomUUID } from 'node:crypto';
import { startTestStack } from '../../../infra/local/testStack.ts';
import { createQdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import type { EmbeddingContract } from '../../../src/contracts/embedding.ts';

export interface IndexServer {
  readonly url: string;
  /** An index of its own under the alias; the same alias again is the same index. */
  open(alias: string, contract?: EmbeddingContract, dedicatedTenants?: readonly string[]): QdrantIndex;
  /** Sends a request of the suite's own, past the adapter. */
  send(method: string, path: string, body?: object): Promise<unknown>;
  /** Ends the server as a power cut would, and resolves when it answers again. Undefined for a server that is not ours. */
  readonly crash: undefined | (() => Promise<void>);
  stop(): Promise<void>;
}

export const contract: EmbeddingContract = {
  model: 'contract-suite', revision: '1', dimension: 8, normalised: true, dtype: 'float32', pooling: 'cls', queryPrefix: '', passagePrefix: '', tokenLimit: 512,
};

/** The real Qdrant that QDRANT_URL names (QDRANT_API_KEY), or else the development server of the local stack. */
export async function startIndexServer(): Promise<IndexServer> {
  const given = process.env['QDRANT_URL'];
  if (given !== undefined) return serverAt(given, process.env['QDRANT_API_KEY'], undefined, () => Promise.resolve());
  const stack = await startTestStack({ services: ['qdrant'] });
  const service = stack.services.qdrant;
  const crash = async (): Promise<void> => {
    if (service?.pid === undefined) throw new Error('The development server does not run.');
    const answersAgain = new Promise<void>((resolve) => service.once('ready', resolve));
    process.kill(service.pid, 'SIGKILL');
    await answersAgain;
  };
  return serverAt(stack.environment['QDRANT_URL'] ?? '', undefined, crash, () => stack.stop());
}

function serverAt(url: string, apiKey: string | undefined, crash: IndexServer['crash'], end: () => Promise<void>): IndexServer {
  const opened: { readonly alias: string; readonly index: QdrantIndex }[] = [];
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...(apiKey === undefined ? {} : { 'api-key': apiKey }) };
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return ((await response.json()) as { readonly result: unknown }).result;
  };
  return {
    url,
    crash,
    send,
    open(alias, made = contract, dedicatedTenants = []) {
      const index = createQdrantIndex({ url, apiKey, alias, dedicatedTenants, contract: made, requestTimeoutMs: 30_000 });
      opened.push({ alias, index });
      return index;
    },
    async stop() {
      const { collections } = (await send('GET', '/collections')) as { readonly collections: readonly { readonly name: string }[] };
      const aliases = new Set(opened.map(({ alias }) => alias));
      for (const { name } of collections) if ([...aliases].some((alias) => name.startsWith(`${alias}_`) || name.startsWith(`${alias}--`))) await send('DELETE', `/collections/${name}`);
      for (const { index } of opened) await index.close();
      await end();
    },
  };
}

export function newAlias(): string {
  return `suite-${randomUUID()}`;
}
