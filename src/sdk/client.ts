import type { z } from 'zod';
import { readinessSchema } from '../contracts/health.ts';
import type { Readiness } from '../contracts/health.ts';
import type { documentRequestSchema } from '../contracts/documents.ts';
import { ingestResponseSchema, isFinal, jobDocumentsPageSchema, jobSchema } from '../contracts/jobs.ts';
import type { IngestResponse, Job, JobDocument, State } from '../contracts/jobs.ts';
import { searchResponseSchema } from '../contracts/search.ts';
import type { SearchResponse, searchRequestSchema } from '../contracts/search.ts';
import { uploadsResponseSchema } from '../contracts/uploads.ts';
import type { Upload } from '../contracts/uploads.ts';
import { invalidAnswer } from './apiError.ts';
import { watchJobEvents } from './jobEvents.ts';
import type { JobUpdate, WatchOptions } from './jobEvents.ts';
import { multipartBody } from './multipart.ts';
import { nodeFetch } from './nodeFetch.ts';
import { Transport } from './transport.ts';
import type { Fetch } from './transport.ts';
import { uploadSourceOf } from './uploadContent.ts';
import type { UploadContent, UploadOptions } from './uploadContent.ts';

export interface CatalystClientOptions {
  /** Address of the API, such as `http://127.0.0.1:7400`. */
  readonly url: string;
  /** Bearer token; it names the tenant. Only `health` works without it. */
  readonly token?: string | undefined;
  readonly fetch?: Fetch | undefined;
  /** Most repetitions of a call that failed for a passing reason; 4 by default. */
  readonly retries?: number | undefined;
  /** Most milliseconds of silence within a call; 120,000 by default. */
  readonly timeoutMs?: number | undefined;
}

/** A document as it is sent: what has a default may be left out. */
export type DocumentInput = z.input<typeof documentRequestSchema>;
export interface IngestInput {
  readonly documents: readonly DocumentInput[];
  /** `reject` (default): one invalid document refuses all; `skip`: the valid ones are ingested, the others named in `invalid`. */
  readonly onInvalid?: 'reject' | 'skip' | undefined;
}
export type SearchInput = z.input<typeof searchRequestSchema>;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
export interface ListDocumentsOptions extends CallOptions {
  readonly state?: State | undefined;
  /** Documents a request; the API's own default without it. */
  readonly pageSize?: number | undefined;
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
  private readonly transport: Transport;

  constructor(options: CatalystClientOptions) {
    this.transport = new Transport({
      url: options.url.replace(/\/+$/, ''),
      token: options.token,
      fetch: options.fetch ?? nodeFetch,
      retries: options.retries ?? 4,
      timeoutMs: options.timeoutMs ?? 120_000,
    });
  }

  /** Starts a job. Repeated by itself only if the API surely did not take the request. */
  async ingest(input: IngestInput, options: CallOptions = {}): Promise<IngestResponse> {
    const content = JSON.stringify(input);
    return this.transport.send({
      method: 'POST', path: '/v1/ingest/bulk', schema: ingestResponseSchema, repeatable: 'unlessTaken', signal: options.signal,
      body: () => ({ contentType: 'application/json', content }),
    });
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

  async getJob(jobId: string, options: CallOptions = {}): Promise<Job> {
    return this.transport.send({ method: 'GET', path: jobPath(jobId), schema: jobSchema, repeatable: 'always', signal: options.signal });
  }

  /** The documents of a job in order, a page at a time as they are consumed. */
  async *listJobDocuments(jobId: string, options: ListDocumentsOptions = {}): AsyncGenerator<JobDocument, void, undefined> {
    let cursor: string | null = null;
    do {
      const parameters = new URLSearchParams();
      if (cursor !== null) parameters.set('cursor', cursor);
      if (options.state !== undefined) parameters.set('state', options.state);
      if (options.pageSize !== undefined) parameters.set('limit', String(options.pageSize));
      const query = parameters.size === 0 ? '' : `?${parameters.toString()}`;
      const path = `${jobPath(jobId)}/documents${query}`;
      const page = await this.transport.send({ method: 'GET', path, schema: jobDocumentsPageSchema, repeatable: 'always', signal: options.signal });
      yield* page.documents;
      cursor = page.next;
    } while (cursor !== null);
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

  async search(input: SearchInput, options: CallOptions = {}): Promise<SearchResponse> {
    const content = JSON.stringify(input);
    return this.transport.send({
      method: 'POST', path: '/v1/search', schema: searchResponseSchema, repeatable: 'always', signal: options.signal,
      body: () => ({ contentType: 'application/json', content }),
    });
  }

  /** Readiness of the API and all it depends on; an unavailable dependency is an answer here, not an error. */
  async health(options: CallOptions = {}): Promise<Readiness> {
    return this.transport.send({ method: 'GET', path: '/readyz', schema: readinessSchema, repeatable: 'always', alsoAnswers: [503], signal: options.signal });
  }
}

function jobPath(jobId: string): string {
  return `/v1/jobs/${encodeURIComponent(jobId)}`;
}
