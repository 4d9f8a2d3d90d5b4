import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import busboy from 'busboy';
import type { z } from 'zod';
import { documentIdOf, digestOf, newIdentifier } from '../../src/contracts/identifiers.ts';
import { documentRequestSchema } from '../../src/contracts/documents.ts';
import type { DocumentRequest } from '../../src/contracts/documents.ts';
import { errorTable } from '../../src/contracts/errors.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import type { dependencyHealthSchema } from '../../src/contracts/health.ts';
import type { Job, JobDocument, JobEvent, State } from '../../src/contracts/jobs.ts';
import { searchRequestSchema } from '../../src/contracts/search.ts';
import type { SearchResult } from '../../src/contracts/search.ts';
import type { Upload } from '../../src/contracts/uploads.ts';
import { emptyAnswer } from './api/emptyAnswer.ts';

/** Answers one request in place of the contract: for outages, rate limits and broken connections. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface ReceivedUpload {
  readonly upload: Upload;
  readonly content: Buffer | undefined;
}

interface StoredJob {
  readonly id: string;
  readonly documents: JobDocument[];
}

/** A real HTTP server on loopback that speaks the API's contract, keeps all in memory and ends every job at once. */
export class ContractServer {
  readonly token = 'contract-token';
  readonly requests: ReceivedRequest[] = [];
  readonly ingested: DocumentRequest[][] = [];
  readonly uploads = new Map<string, ReceivedUpload>();
  /** Scripted answers by `METHOD /path` prefix, used up one at a time before the contract answers. */
  readonly scripted: { readonly match: string; readonly answer: Answer }[] = [];
  results: SearchResult[] = [];
  dependencies: z.input<typeof dependencyHealthSchema>[] = [{ name: 'postgres', ok: true, latencyMs: 1.2, detail: null, remedy: null }];
  /** Keep no content of uploads: for those larger than memory should hold. */
  discardUploads = false;
  /** Decides what becomes of a document; by default empty text fails. */
  fate: (document: DocumentRequest) => ErrorCode | undefined = (document) => ('text' in document && document.text.trim() === '' ? 'EMPTY_DOCUMENT' : undefined);
  /** Cut the event stream after so many document events, to be taken up again. */
  cutEventsAfter = Infinity;
  private readonly jobs = new Map<string, StoredJob>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(port = 0): Promise<ContractServer> {
    const server = new ContractServer();
    await new Promise<void>((resolve) => server.server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  script(match: string, ...answers: Answer[]): void {
    for (const answer of answers) this.scripted.push({ match, answer });
  }

  /** Requests received of one kind, such as `POST /v1/search`. */
  count(match: string): number {
    return this.requests.filter(({ method, path }) => `${method} ${path}`.startsWith(match)).length;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = `${request.method} ${request.url}`;
    this.requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    const position = this.scripted.findIndex(({ match }) => call.startsWith(match));
    const [scripted] = position < 0 ? [] : this.scripted.splice(position, 1);
    if (scripted !== undefined) return scripted.answer(request, response);
    const path = new URL(request.url ?? '/', this.url);
    if (path.pathname === '/readyz') return this.answerReadiness(response);
    if (request.headers.authorization !== `Bearer ${this.token}`) return problem('UNAUTHENTICATED', 'The token is not known')(request, response);
    if (call === 'POST /v1/uploads') return this.acceptUpload(request, response);
    if (call === 'POST /v1/ingest/bulk') return this.acceptIngest(request, response);
    if (call === 'POST /v1/search') return this.answerSearch(request, response);
    const [, jobId, part] = /^\/v1\/jobs\/([^/]+)(?:\/(documents|events))?$/.exec(path.pathname) ?? [];
    const job = jobId === undefined ? undefined : this.jobs.get(jobId);
    if (job === undefined) return problem('NOT_FOUND', 'There is no such job')(request, response);
    if (part === 'documents') return this.answerDocuments(job, path.searchParams, response);
    if (part === 'events') return this.answerEvents(job, request, response);
    send(response, 200, jobOf(job));
  }

  private answerReadiness(response: ServerResponse): void {
    const failing = this.dependencies.filter(({ ok }) => !ok);
    const status = failing.length === 0 ? 'ready' : failing.every(({ optional }) => optional === true) ? 'degraded' : 'unavailable';
    send(response, status === 'unavailable' ? 503 : 200, { status, dependencies: this.dependencies });
  }

  private async acceptUpload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const uploads: Upload[] = [];
    const parser = busboy({ headers: request.headers, defParamCharset: 'utf8' });
    parser.on('file', (_field, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (!this.discardUploads) chunks.push(chunk);
      });
      stream.on('end', () => {
        const content = Buffer.concat(chunks);
        const upload: Upload = { id: newIdentifier(), fileName: filename ?? '', mediaType: mimeType, bytes, digest: digestOf(content), createdAt: new Date().toISOString() };
        uploads.push(upload);
        this.uploads.set(upload.id, { upload, content: this.discardUploads ? undefined : content });
      });
    });
    await new Promise((resolve, reject) => request.pipe(parser).on('close', () => resolve(undefined)).on('error', reject));
    send(response, 201, { uploads });
  }

  private async acceptIngest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await bodyOf(request)) as { documents: unknown[]; onInvalid?: string };
    const parsed = body.documents.map((document) => documentRequestSchema.safeParse(document));
    const invalid = parsed.flatMap((result, index) =>
      result.success ? [] : [{ index, problems: result.error.issues.map((issue) => ({ pointer: `/documents/${index}/${issue.path.join('/')}`, code: issue.code, detail: issue.message })) }],
    );
    if (invalid.length > 0 && body.onInvalid !== 'skip') {
      return problem('INVALID_DOCUMENTS', `${invalid.length} documents are invalid`, { errors: invalid.flatMap(({ problems }) => problems) })(request, response);
    }
    const accepted = parsed.flatMap((result, index) => (result.success ? [{ index, document: result.data }] : []));
    this.ingested.push(accepted.map(({ document }) => document));
    const id = newIdentifier();
    this.jobs.set(id, { id, documents: accepted.map(({ index, document }) => this.process(document, index)) });
    send(response, 202, {
      jobId: id, state: 'queued', invalid,
      documents: accepted.map(({ index, document }) => ({ index, documentId: idOf(document), state: 'queued', links: { status: `/v1/jobs/${id}/documents` } })),
      links: { job: `/v1/jobs/${id}`, documents: `/v1/jobs/${id}/documents`, events: `/v1/jobs/${id}/events` },
    });
  }

  private process(document: DocumentRequest, index: number): JobDocument {
    const code = this.fate(document);
    const at = new Date().toISOString();
    const failed = code !== undefined;
    return {
      index, documentId: idOf(document), source: { type: 'text', location: document.id ?? `document ${index}` }, title: document.title ?? null,
      state: failed ? 'failed' : 'succeeded', stage: null, outcome: failed ? null : 'created', versionId: null, chunks: failed ? null : 1, pages: null, lostPages: [],
      failure: failed ? { code, message: `${errorTable[code].title}.`, remedy: errorTable[code].remedy } : null, rounds: 1, parentId: null, preview: null, startedAt: at, finishedAt: at,
    };
  }

  private answerDocuments(job: StoredJob, parameters: URLSearchParams, response: ServerResponse): void {
    const state = parameters.get('state');
    const all = job.documents.filter((document) => state === null || document.state === state);
    const from = Number(parameters.get('cursor') ?? 0);
    const limit = Number(parameters.get('limit') ?? 2);
    send(response, 200, { documents: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null });
  }

  private answerEvents(job: StoredJob, request: IncomingMessage, response: ServerResponse): void {
    const from = Number(request.headers['last-event-id'] ?? 0);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 10\n\n');
    response.write(`event: job\ndata: ${JSON.stringify({ ...jobOf(job), state: 'running', finishedAt: null })}\n\n`);
    const until = Math.min(job.documents.length, from + this.cutEventsAfter);
    for (const [position, document] of job.documents.slice(from, until).entries()) {
      const { index, documentId, state, outcome, failure } = document;
      const event: JobEvent = { id: String(from + position + 1), type: 'document', at: new Date().toISOString(), index, documentId, state, outcome, failure };
      response.write(`id: ${event.id}\nevent: document\ndata: ${JSON.stringify(event)}\n\n: a comment\n\n`);
    }
    if (until < job.documents.length) {
      // Let what was written arrive before the connection is torn.
      setTimeout(() => response.destroy(), 20);
      return;
    }
    response.end(`event: job\ndata: ${JSON.stringify(jobOf(job))}\n\n`);
  }

  private async answerSearch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = searchRequestSchema.safeParse(JSON.parse(await bodyOf(request)));
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({ pointer: `/${issue.path.join('/')}`, code: issue.code, detail: issue.message }));
      return problem('INVALID_REQUEST', 'The search does not fit the schema', { errors })(request, response);
    }
    send(response, 200, { ...emptyAnswer(parsed.data), results: this.results.slice(0, parsed.data.limit) });
  }
}

/** An answer with problem details, as the API gives them. */
export function problem(code: ErrorCode, detail: string, more: { readonly headers?: Record<string, string>; readonly errors?: unknown } = {}): Answer {
  const { status, title, remedy } = errorTable[code];
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close', ...more.headers });
    response.end(JSON.stringify({ type: `urn:${code}`, title, status, detail, code, remedy, requestId: 'request-7', errors: more.errors }));
  };
}

/** Ends the connection without an answer. */
export const breakConnection: Answer = (request) => void request.socket.destroy();

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function idOf(document: DocumentRequest): string {
  return documentIdOf('contract', document.id ?? JSON.stringify(document));
}

function jobOf({ id, documents }: StoredJob): Job {
  const count = (state: State): number => documents.filter((document) => document.state === state).length;
  const failed = count('failed');
  const state: State = failed === 0 ? 'succeeded' : failed === documents.length ? 'failed' : 'partial';
  const codes = [...new Set(documents.flatMap(({ failure }) => (failure === null ? [] : [failure.code])))];
  const at = new Date().toISOString();
  return {
    id, state, createdAt: at, startedAt: at, finishedAt: at, workflowId: `job/contract/${id}`,
    counts: { total: documents.length, queued: 0, running: 0, partial: 0, succeeded: count('succeeded'), failed, unchanged: 0, chunks: count('succeeded'), missing: 0 },
    dryRun: false, sourceId: null, discovery: null, pause: null, cancellation: null, concurrency: null, budget: null, spent: { bytes: 0, tokens: 0, credits: 0, cost: 0 },
    failures: codes.map((code) => {
      const matching = documents.filter((document) => document.failure?.code === code);
      return { code, count: matching.length, example: matching[0]?.failure?.message ?? '', remedy: errorTable[code].remedy };
    }),
  };
}
