import type { z } from 'zod';
import { readinessSchema } from '../contracts/health.ts';
import type { Readiness } from '../contracts/health.ts';
import type { documentRequestSchema } from '../contracts/documents.ts';
import { estimateSchema } from '../contracts/estimate.ts';
import type { Estimate } from '../contracts/estimate.ts';
import type { ingestSourceRequestSchema } from '../contracts/ingestSource.ts';
import { ingestResponseSchema, isFinal, jobDocumentSchema, jobDocumentsPageSchema, jobSchema } from '../contracts/jobs.ts';
import type { ingestRequestSchema, IngestResponse, Job, JobDocument, State } from '../contracts/jobs.ts';
import { replayResponseSchema } from '../contracts/receipts.ts';
import type { ReplayResponse, SearchReceipt } from '../contracts/receipts.ts';
import { batchSearchResponseSchema, debugSearchResponseSchema, searchResponseSchema } from '../contracts/search.ts';
import type { BatchSearchResponse, DebugSearchResponse, SearchResponse, debugSearchRequestSchema, searchRequestSchema, similarRequestSchema } from '../contracts/search.ts';
import { suggestResponseSchema } from '../contracts/suggest.ts';
import type { SuggestionKind, SuggestResponse } from '../contracts/suggest.ts';
import { uploadsResponseSchema } from '../contracts/uploads.ts';
import type { Upload } from '../contracts/uploads.ts';
import { invalidAnswer } from './apiError.ts';
import { Calls, pathOf, withQuery } from './calls.ts';
import type { CallOptions, PageOptions } from './calls.ts';
import { watchJobEvents } from './jobEvents.ts';
import type { JobUpdate, WatchOptions } from './jobEvents.ts';
import { multipartBody } from './multipart.ts';
import { nodeFetch } from './nodeFetch.ts';
import { AuditResource } from './resources/audit.ts';
import { BackupsResource } from './resources/backups.ts';
import { ConsistencyResource } from './resources/consistency.ts';
import { DeadLettersResource } from './resources/deadLetters.ts';
import { DeletionsResource } from './resources/deletions.ts';
import { DocumentsResource } from './resources/documents.ts';
import { JobsResource } from './resources/jobs.ts';
import { KeysResource } from './resources/keys.ts';
import { IndexResource } from './resources/searchIndex.ts';
import { RetentionResource } from './resources/retention.ts';
import { SchedulesResource } from './resources/schedules.ts';
import { SearchSettingsResource } from './resources/searchSettings.ts';
import { SynonymsResource } from './resources/synonyms.ts';
import { UsageResource } from './resources/usage.ts';
import { SourcesResource } from './resources/sources.ts';
import { TenantsResource } from './resources/tenants.ts';
import { VaultResource } from './resources/vault.ts';
import { Transport } from './transport.ts';
import type { Fetch } from './transport.ts';
import { uploadSourceOf } from './uploadContent.ts';
import type { UploadContent, UploadOptions } from './uploadContent.ts';

export interface CatalystClientOptions {
  /** Address of the API, such as `http://127.0.0.1:7400`. */
  readonly url: string;
  /** Bearer token (a JWT) or API key; it names the tenant. Only `health` works without it. */
  readonly token?: string | undefined;
  readonly fetch?: Fetch | undefined;
  /** Most repetitions of a call that failed for a passing reason; 4 by default. */
  readonly retries?: number | undefined;
  /** Most milliseconds of silence within a call; 120,000 by default. */
  readonly timeoutMs?: number | undefined;
}

/** A document as it is sent: what has a default may be left out. */
export type DocumentInput = z.input<typeof documentRequestSchema>;
export interface IngestInput extends Partial<Pick<z.input<typeof ingestRequestSchema>, 'budget' | 'concurrency' | 'dryRun'>> {
  readonly documents: readonly DocumentInput[];
  /** `reject` (default): one invalid document refuses all; `skip`: the valid ones are ingested, the others named in `invalid`. */
  readonly onInvalid?: 'reject' | 'skip' | undefined;
}
export type IngestSourceInput = z.input<typeof ingestSourceRequestSchema>;
export type SearchInput = z.input<typeof searchRequestSchema>;
export type SimilarInput = z.input<typeof similarRequestSchema>;
export type DebugSearchInput = z.input<typeof debugSearchRequestSchema>;
export interface SuggestInput {
  readonly q: string;
  readonly limit?: number | undefined;
  readonly kinds?: readonly SuggestionKind[] | undefined;
}

export interface ListDocumentsOptions extends PageOptions {
  readonly state?: State | undefined;
}
export interface WaitOptions extends WatchOptions {
  /** Called with every change that is told; the last call is with the finished job. */
  readonly onProgress?: ((update: JobUpdate) => void) | undefined;
}

/**
 * Client of the Catalyst Index API. Every call throws CatalystApiError when it fails, and the reason of its `signal`
 * when it is aborted. Calls that do no harm twice are repeated on rate limits, outages and broken connections.
 *
 * @example
 * const client = new CatalystClient({ url: 'http://127.0.0.1:7400', token });
 * const { jobId } = await client.ingest({ documents: [{ url: 'https://example.org/handbook' }] });
 * const job = await client.waitForJob(jobId);
 * const { results } = await client.search({ query: 'parental leave' });
 */
export class CatalystClient {
  /** Pause, resume, cancel, retry, add to, list. */
  readonly jobs: JobsResource;
  readonly sources: SourcesResource;
  readonly documents: DocumentsResource;
  readonly deletions: DeletionsResource;
  readonly deadLetters: DeadLettersResource;
  readonly retention: RetentionResource;
  readonly synonyms: SynonymsResource;
  readonly searchSettings: SearchSettingsResource;
  readonly consistency: ConsistencyResource;
  readonly keys: KeysResource;
  readonly audit: AuditResource;
  readonly usage: UsageResource;
  readonly tenants: TenantsResource;
  readonly vault: VaultResource;
  /** Of all tenants: for those who run the platform. */
  readonly index: IndexResource;
  readonly backups: BackupsResource;
  /** Of the product itself: for those who run the platform. */
  readonly schedules: SchedulesResource;
  private readonly transport: Transport;
  private readonly calls: Calls;

  constructor(options: CatalystClientOptions) {
    this.transport = new Transport({
      url: options.url.replace(/\/+$/, ''),
      token: options.token,
      fetch: options.fetch ?? nodeFetch,
      retries: options.retries ?? 4,
      timeoutMs: options.timeoutMs ?? 120_000,
    });
    this.calls = new Calls(this.transport);
    this.jobs = new JobsResource(this.calls);
    this.sources = new SourcesResource(this.calls);
    this.documents = new DocumentsResource(this.calls);
    this.deletions = new DeletionsResource(this.calls);
    this.deadLetters = new DeadLettersResource(this.calls);
    this.retention = new RetentionResource(this.calls);
    this.consistency = new ConsistencyResource(this.calls);
    this.synonyms = new SynonymsResource(this.calls);
    this.searchSettings = new SearchSettingsResource(this.calls);
    this.keys = new KeysResource(this.calls);
    this.audit = new AuditResource(this.calls);
    this.index = new IndexResource(this.calls);
    this.backups = new BackupsResource(this.calls);
    this.schedules = new SchedulesResource(this.calls);
    this.usage = new UsageResource(this.calls);
    this.tenants = new TenantsResource(this.calls);
    this.vault = new VaultResource(this.calls);
  }

  /** Starts a job. Repeated by itself under one idempotency key, so that there is one job. */
  ingest(input: IngestInput, options: CallOptions = {}): Promise<IngestResponse> {
    return this.calls.send('POST', '/v1/ingest/bulk', input, ingestResponseSchema, options, 'byKey');
  }

  /** Starts a job that finds its documents itself: a crawl, a sitemap, a feed, a bucket. */
  ingestSource(input: IngestSourceInput, options: CallOptions = {}): Promise<IngestResponse> {
    return this.calls.send('POST', '/v1/ingest/source', input, ingestResponseSchema, options, 'byKey');
  }

  /** What an ingestion would take; nothing runs. */
  estimate(input: IngestInput, options: CallOptions = {}): Promise<Estimate> {
    return this.calls.send('POST', '/v1/ingest/estimate', input, estimateSchema, options);
  }

  /** Ingests one small document within the request; for development and tests, refused in production. */
  ingestInProcess(document: DocumentInput, options: CallOptions = {}): Promise<JobDocument> {
    return this.calls.send('POST', '/v1/ingest/sync', { documents: [document] }, jobDocumentSchema, options, 'byKey');
  }

  /** Stores content of any size for a later `ingest`, in memory that does not grow with it. */
  async upload(content: UploadContent, options: UploadOptions = {}): Promise<Upload> {
    const source = uploadSourceOf(content, options);
    const answer = await this.transport.send({
      method: 'POST', path: '/v1/uploads', schema: uploadsResponseSchema, signal: options.signal,
      // Uploads are content-addressed: a second one of the same bytes costs time, not truth.
      repeatable: source.replayable ? 'always' : 'never',
      body: (touch) => {
        let sent = 0;
        return multipartBody(source, (bytes) => {
          touch();
          options.onProgress?.((sent += bytes));
        });
      },
    });
    const upload = answer.uploads[0];
    if (upload === undefined) throw invalidAnswer(201, '/v1/uploads', 'no upload is named');
    return upload;
  }

  getJob(jobId: string, options: CallOptions = {}): Promise<Job> {
    return this.calls.get(pathOf('jobs', jobId), jobSchema, options);
  }

  /** The documents of a job in order, a page at a time as they are consumed. */
  listJobDocuments(jobId: string, options: ListDocumentsOptions = {}): AsyncGenerator<JobDocument, void, undefined> {
    return this.calls.list(pathOf('jobs', jobId, 'documents'), { state: options.state }, jobDocumentsPageSchema, ({ documents }) => documents, options);
  }

  /** Follows a job until it is finished; survives lost connections and restarts of the API. */
  watchJob(jobId: string, options: WatchOptions = {}): AsyncGenerator<JobUpdate, void, undefined> {
    return watchJobEvents(this.transport, jobId, options);
  }

  /** The job, once it is finished; whether it succeeded stands in its state. */
  async waitForJob(jobId: string, options: WaitOptions = {}): Promise<Job> {
    for await (const update of this.watchJob(jobId, options)) {
      options.onProgress?.(update);
      if (update.type === 'job' && isFinal(update.job.state)) return update.job;
    }
    return this.getJob(jobId, options);
  }

  search(input: SearchInput, options: CallOptions = {}): Promise<SearchResponse> {
    return this.calls.send('POST', '/v1/search', input, searchResponseSchema, options);
  }

  /** Several searches in one request; each has an answer or a problem of its own. */
  searchBatch(searches: readonly SearchInput[], options: CallOptions = {}): Promise<BatchSearchResponse> {
    return this.calls.send('POST', '/v1/search/batch', { searches }, batchSearchResponseSchema, options);
  }

  /** Runs the search of a receipt again and compares it bit by bit: `receipt` is what a search with `receipt: true` answered. */
  replaySearch(receipt: SearchReceipt, options: CallOptions = {}): Promise<ReplayResponse> {
    return this.calls.send('POST', '/v1/search/replay', { receipt }, replayResponseSchema, options);
  }

  /** Passages of documents like this one. */
  searchSimilar(input: SimilarInput, options: CallOptions = {}): Promise<SearchResponse> {
    return this.calls.send('POST', '/v1/search/similar', input, searchResponseSchema, options);
  }

  /** The search with all that led to its answer, and with settings of its own. */
  debugSearch(input: DebugSearchInput, options: CallOptions = {}): Promise<DebugSearchResponse> {
    return this.calls.send('POST', '/v1/search/debug', input, debugSearchResponseSchema, options);
  }

  /** Completions of what is being typed; as cheap as to ask at every key. */
  suggest({ q, limit, kinds }: SuggestInput, options: CallOptions = {}): Promise<SuggestResponse> {
    return this.calls.get(withQuery('/v1/suggest', { q, limit: limit?.toString(), kinds: kinds?.join(',') }), suggestResponseSchema, options);
  }

  /** Readiness of the API and all it depends on; an unavailable dependency is an answer here, not an error. */
  async health(options: CallOptions = {}): Promise<Readiness> {
    return this.transport.send({ method: 'GET', path: '/readyz', schema: readinessSchema, repeatable: 'always', alsoAnswers: [503], signal: options.signal });
  }
}
