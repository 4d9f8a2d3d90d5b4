import type { CatalystClient, DocumentInput } from '../../src/sdk/client.ts';
import { JobTally } from '../../src/cli/ingest/jobTally.ts';
import type { Progress } from '../../src/cli/output/progressDisplay.ts';
import type { CorpusEntry } from './beirCollection.ts';

export interface FailedDocument {
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

export interface IngestedCollection {
  /** Documents of the collection, failed ones included. */
  readonly documents: number;
  /** Of all documents, those among them that the tenant held already. */
  readonly chunks: number;
  /** Documents that the tenant held already, as they are. */
  readonly unchanged: number;
  /** From the first request to the end of the last job. */
  readonly seconds: number;
  readonly failed: readonly FailedDocument[];
  /** The collection's own id by document id. */
  readonly idOf: ReadonlyMap<string, string>;
}

interface Batch {
  readonly ids: string[];
  readonly documents: DocumentInput[];
  bytes: number;
}

const documentsPerRequest = 10_000;
const bytesPerRequest = 16_000_000;
const longestTitle = 500;

/** Ingests a corpus through the public API in as few jobs as requests allow, and waits for them. */
export async function ingestCollection(client: CatalystClient, documents: AsyncIterable<CorpusEntry>, onProgress: (progress: Progress) => void): Promise<IngestedCollection> {
  const ingestion = new Ingestion(client, onProgress);
  return ingestion.run(documents);
}

/** A document of the collection as the API takes it; a title that is too long stands whole at the head of the text. */
export function documentOf({ id, title, text }: CorpusEntry): DocumentInput {
  const base = { id, mediaType: 'text/plain' as const };
  if (text.trim() === '' && title.trim() !== '') return { ...base, text: title };
  if (title.trim() === '') return { ...base, text };
  if (title.length <= longestTitle) return { ...base, title, text };
  return { ...base, title: title.slice(0, longestTitle), text: `${title}\n\n${text}` };
}

class Ingestion {
  private readonly client: CatalystClient;
  private readonly onProgress: (progress: Progress) => void;
  private readonly tallies: JobTally[] = [];
  private readonly idOf = new Map<string, string>();
  private readonly failed: FailedDocument[] = [];
  private documents = 0;

  constructor(client: CatalystClient, onProgress: (progress: Progress) => void) {
    this.client = client;
    this.onProgress = onProgress;
  }

  async run(documents: AsyncIterable<CorpusEntry>): Promise<IngestedCollection> {
    let startedAt: number | undefined;
    for await (const batch of batches(documents)) {
      startedAt ??= performance.now();
      await this.submit(batch);
    }
    await Promise.all(this.tallies.map((tally) => this.follow(tally)));
    const seconds = startedAt === undefined ? 0 : (performance.now() - startedAt) / 1000;
    for (const tally of this.tallies) await this.collectFailures(tally);
    const total = (count: 'chunks' | 'unchanged'): number => this.tallies.reduce((sum, { job }) => sum + (job?.counts[count] ?? 0), 0);
    return { documents: this.documents, chunks: total('chunks'), unchanged: total('unchanged'), seconds, failed: this.failed, idOf: this.idOf };
  }

  private async submit(batch: Batch): Promise<void> {
    const answer = await this.client.ingest({ documents: batch.documents, onInvalid: 'skip' });
    this.documents += batch.documents.length;
    for (const { index, documentId } of answer.documents) this.idOf.set(documentId, batch.ids[index] ?? '');
    for (const { index, problems } of answer.invalid) {
      this.failed.push({ id: batch.ids[index] ?? String(index), code: problems[0]?.code ?? 'INVALID_DOCUMENTS', message: problems.map(({ detail }) => detail).join('; ') });
    }
    if (answer.documents.length > 0) this.tallies.push(new JobTally(answer.jobId, answer.documents.length));
  }

  private async follow(tally: JobTally): Promise<void> {
    tally.add({
      type: 'job',
      job: await this.client.waitForJob(tally.jobId, {
        onProgress: (update) => {
          tally.add(update);
          const done = this.tallies.reduce((total, one) => total + one.done, this.failed.length);
          this.onProgress({ done, total: this.documents, failed: this.failed.length + this.tallies.reduce((total, one) => total + one.failed, 0) });
        },
      }),
    });
  }

  private async collectFailures({ jobId, job }: JobTally): Promise<void> {
    if (job === undefined || job.counts.failed === 0) return;
    for await (const { documentId, failure } of this.client.listJobDocuments(jobId, { state: 'failed', pageSize: 1000 })) {
      this.failed.push({ id: this.idOf.get(documentId) ?? documentId, code: failure?.code ?? 'INTERNAL', message: failure?.message ?? '' });
    }
  }
}

async function* batches(documents: AsyncIterable<CorpusEntry>): AsyncGenerator<Batch, void, undefined> {
  let batch: Batch = { ids: [], documents: [], bytes: 0 };
  for await (const entry of documents) {
    const bytes = entry.title.length + entry.text.length;
    if (batch.documents.length >= documentsPerRequest || (batch.documents.length > 0 && batch.bytes + bytes > bytesPerRequest)) {
      yield batch;
      batch = { ids: [], documents: [], bytes: 0 };
    }
    batch.ids.push(entry.id);
    batch.documents.push(documentOf(entry));
    batch.bytes += bytes;
  }
  if (batch.documents.length > 0) yield batch;
}
