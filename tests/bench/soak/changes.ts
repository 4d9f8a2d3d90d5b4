import { setTimeout } from 'node:timers/promises';
import type { CatalystClient } from '../../../src/sdk/client.ts';
import { inventPassages } from '../load/inventedPassages.ts';
import type { LoadTarget } from '../load/target.ts';

export interface Changes {
  ingested: number;
  deleted: number;
  /** What did not end as it should, in words. */
  readonly failures: string[];
}

const pauseMs = 15_000;
const documentsAtOnce = 20;
/** Every so many rounds what an earlier one brought is deleted. */
const deleteEvery = 3;

/** Ingests a few documents now and then, and deletes others, until the signal; resolves once what was begun has ended. */
export async function keepChanging(target: LoadTarget, changes: Changes, signal: AbortSignal): Promise<void> {
  const rounds: string[][] = [];
  for (let round = 1; !signal.aborted; round += 1) {
    // Tokens are valid for an hour.
    const client = await target.stack.clientFor(target.tenant);
    await attempt(changes, async () => void rounds.push(await ingest(client, round, changes)));
    if (round % deleteEvery === 0) await attempt(changes, () => remove(client, rounds.shift() ?? [], changes));
    await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

async function attempt(changes: Changes, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    changes.failures.push(String(thrown));
  }
}

async function ingest(client: CatalystClient, round: number, changes: Changes): Promise<string[]> {
  const documents = inventPassages(documentsAtOnce, 1_000 + round).map((document) => ({ ...document, id: `round-${round}-${'id' in document ? document.id : ''}`, tags: ['soak'], metadata: { round } }));
  const accepted = await client.ingest({ documents });
  const job = await client.waitForJob(accepted.jobId);
  if (job.state !== 'succeeded') changes.failures.push(`job ${job.id} is ${job.state}`);
  changes.ingested += job.counts.succeeded;
  return accepted.documents.map(({ documentId }) => documentId);
}

/** Deletes, and asks whether searches still find any of it. */
async function remove(client: CatalystClient, documents: readonly string[], changes: Changes): Promise<void> {
  if (documents.length === 0) return;
  const { id } = await client.deletions.create({ documents: [...documents] });
  const { state } = await client.deletions.wait(id);
  if (state !== 'finished') changes.failures.push(`deletion ${id} is ${state}`);
  const { results } = await client.search({ query: 'anything', mode: 'dense', filters: { documents: [...documents] } });
  if (results.length > 0) changes.failures.push(`${results.length} passages of deleted documents are found`);
  changes.deleted += documents.length;
}
