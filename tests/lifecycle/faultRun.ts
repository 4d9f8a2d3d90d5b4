import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { injectAndMend } from './faults.ts';
import type { FaultOptions, FaultResult } from './faults.ts';
import { fillTenant, ingest, inventDocuments } from './library.ts';

/** Points younger than this are not judged as left over; longer than a small ingestion takes. */
const graceSeconds = 10;

/** Small slices, so that there are many objects to damage; no model, since vectors only have to be the same again. */
const environment = {
  CATALYST_EMBEDDING_PROVIDER: 'stub',
  CATALYST_SLICE_DOCUMENTS: '4',
  CATALYST_CHUNK_TOKENS: '96',
  CATALYST_CONSISTENCY_GRACE_SECONDS: String(graceSeconds),
};

const tenants = ['inspected-a', 'inspected-b'] as const;
/** What everybody may see, and what was labelled by hand. */
const policies = ['harbour-office'];

export interface FaultRunOptions extends Pick<FaultOptions, 'faults' | 'seed'> {
  readonly documentsPerTenant: number;
  readonly log: (line: string) => void;
  /** Kills the worker while audits run, and has it started again. */
  readonly killWorker?: boolean;
}

export interface FaultRunResult extends FaultResult {
  readonly documents: number;
  readonly searches: number;
  readonly failedSearches: number;
  readonly writes: number;
}

/** A stack of its own: two tenants are filled, damaged and audited, while others search and ingest. */
export async function runFaults({ faults, seed, documentsPerTenant, log, killWorker = false }: FaultRunOptions): Promise<FaultRunResult> {
  const stack = await startFullStack(environment);
  try {
    const clientFor = (tenant: string) => stack.clientFor(tenant, policies);
    for (const [position, tenant] of tenants.entries()) await fillTenant(await clientFor(tenant), documentsPerTenant, position + 1);
    log(`${tenants.length * documentsPerTenant} documents are there.`);
    const traffic = startTraffic(await clientFor(tenants[0]));
    try {
      const isBystander = (location: string) => location.startsWith('bystander');
      const result = await injectAndMend({ environment: stack.environment, tenants, clientFor, isBystander }, { faults, graceSeconds, ...(seed === undefined ? {} : { seed }), ...(killWorker ? { whileAuditing: () => killTheWorker(stack, log) } : {}) });
      return { ...result, documents: tenants.length * documentsPerTenant, ...(await traffic.stop()) };
    } catch (error) {
      await traffic.stop();
      log(await stack.serviceLogs(25));
      throw error;
    }
  } finally {
    await stack.stop();
  }
}

async function killTheWorker(stack: FullStack, log: (line: string) => void): Promise<void> {
  await sleep(1_500);
  log('The worker is killed.');
  stack.services.worker?.kill('SIGKILL');
}

/** Searches all the time, and small ingestions again and again, of new documents and of new versions. */
function startTraffic(client: CatalystClient): { stop(): Promise<{ searches: number; failedSearches: number; writes: number }> } {
  const counts = { searches: 0, failedSearches: 0, writes: 0 };
  let stopped = false;
  const searching = (async () => {
    while (!stopped) {
      counts.searches += 1;
      await client.search({ query: 'ferry lamp ledger', limit: 5 }).catch(() => (counts.failedSearches += 1));
      await sleep(100);
    }
  })();
  const writing = (async () => {
    for (let round = 0; !stopped; round += 1) {
      await ingest(client, inventDocuments(2, 1_000 + round, `bystander-${round % 3}`));
      counts.writes += 2;
      await sleep(200);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await Promise.all([searching, writing]);
      return counts;
    },
  };
}
