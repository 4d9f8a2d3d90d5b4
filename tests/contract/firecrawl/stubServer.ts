import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startServer, type TestServer } from '../sourceReader/testServer.ts';
import { batchBodySchema, crawlBodySchema, mapBodySchema, type StubWebhook } from './stubSchemas.ts';

export interface StubPage {
  readonly url: string;
  readonly markdown?: string | null;
  readonly statusCode?: number;
  /** Where redirects ended; the address asked for when absent. */
  readonly finalUrl?: string;
  readonly error?: string;
  /** A result without metadata. */
  readonly nameless?: boolean;
}

export interface StubFailure {
  readonly url: string;
  readonly code?: string;
  readonly error?: string;
}

/** What the web behind the stub looks like, and how the server behaves. */
export interface StubBehaviour {
  pages: readonly StubPage[];
  failed: readonly StubFailure[];
  robotsBlocked: readonly string[];
  links: readonly { readonly url: string; readonly title?: string }[];
  /** How many more pages are done at each look; all at the first when absent. */
  pagesALook: number;
  pageSize: number;
  ignoresSkip: boolean;
  nextOrigin: string | undefined;
  /** No more than so many pages are ever done, though the job goes on. */
  stuckAt: number;
  /** The job ends so when that many looks were taken. */
  endsAs: { readonly status: 'cancelled' | 'failed'; readonly afterLooks: number } | undefined;
  expiresAfterLooks: number;
  /** Results that the counts know and no page holds. */
  hidden: number;
  /** After so many looks the first result is taken back and added again as the last: offsets shift. */
  shiftsAfterLooks: number;
  /** Looks during which a started job is not shown. */
  unseenLooks: number;
  errorsOfBatches: 'batch' | 'crawl' | 'nowhere';
  honoursKeys: boolean;
  /** A server without its database fails on every start with a key. */
  failsOnKeys: boolean;
  signsWith: string | undefined;
}

export interface StubJob {
  readonly id: string;
  readonly kind: 'crawl' | 'batch';
  readonly body: { readonly url?: string; readonly excludePaths?: readonly string[]; readonly webhook?: StubWebhook | undefined };
  results: (StubPage & { readonly scrapeId: string })[];
  looks: number;
  done: number;
  cancelled: boolean;
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request does its work, only its answer is another. */
  readonly processed?: boolean;
}

export interface CutConnection {
  /** Counted from 0 over all requests. */
  readonly request: number;
  readonly processed: boolean;
}

const bytesLimit = 10_485_760;

/** A Firecrawl server with the habits and faults of the real ones, see traps.test.ts. */
export class FirecrawlStub {
  readonly requests: { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: unknown }[] = [];
  readonly jobs: StubJob[] = [];
  readonly deliveries: { readonly headers: Record<string, string>; readonly body: string }[] = [];
  readonly scripted: { readonly match: string; readonly answer: ScriptedAnswer }[] = [];
  cuts: readonly CutConnection[] = [];
  /** How many of the cuts have happened. */
  cutsMade = 0;
  behaviour: StubBehaviour = { ...usual };
  readonly #keys = new Set<string>();
  #server!: TestServer;

  static async start(): Promise<FirecrawlStub> {
    const stub = new FirecrawlStub();
    stub.#server = await startServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => stub.#receive(request, Buffer.concat(parts).toString(), response));
    });
    return stub;
  }

  get origin(): string {
    return this.#server.origin;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  reset(behaviour: Partial<StubBehaviour> = {}): void {
    for (const list of [this.requests, this.jobs, this.scripted, this.deliveries]) list.length = 0;
    this.#keys.clear();
    this.cuts = [];
    this.cutsMade = 0;
    this.behaviour = { ...usual, ...behaviour };
  }

  /** Requests of one kind, such as `POST /v2/crawl`. */
  count(match: string): number {
    return this.requests.filter(({ method, path }) => `${method} ${path}`.startsWith(match)).length;
  }

  started(kind: StubJob['kind']): number {
    return this.jobs.filter((job) => job.kind === kind).length;
  }

  script(match: string, ...answers: readonly ScriptedAnswer[]): void {
    for (const answer of answers) this.scripted.push({ match, answer });
  }

  #receive(request: IncomingMessage, text: string, response: ServerResponse): void {
    const [method, path] = [request.method ?? '', request.url ?? ''];
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const cut = this.cuts.find((one) => one.request === this.requests.length);
    this.requests.push({ method, path, headers: request.headers, body });
    const at = this.scripted.findIndex(({ match }) => `${method} ${path}`.startsWith(match));
    const scripted = at < 0 ? undefined : this.scripted.splice(at, 1)[0]?.answer;
    const isProcessed = cut?.processed ?? (scripted === undefined || scripted.processed === true);
    const answer = isProcessed ? this.#process(method, new URL(path, this.origin), request, body) : { status: 500 };
    if (cut !== undefined) {
      this.cutsMade += 1;
      request.socket.destroy();
      return;
    }
    const { status, body: content, headers } = scripted ?? answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof content === 'string' ? content : JSON.stringify(content ?? {}));
  }

  #process(method: string, { pathname, searchParams }: URL, request: IncomingMessage, body: unknown): ScriptedAnswer {
    if (method === 'POST') return this.#post(pathname, request, body);
    if (pathname === '/v2/crawl/active') return this.#active();
    const [, kind, id, errors] = /^\/v2\/(crawl|batch\/scrape)\/([^/]+)(\/errors)?$/.exec(pathname) ?? [];
    const job = this.jobs.find((one) => one.id === id && (one.kind === 'crawl' || kind === 'batch/scrape' || errors !== undefined));
    if (job === undefined || job.looks >= this.behaviour.expiresAfterLooks) return { status: 404, body: { success: false, error: 'Job not found' } };
    if (errors !== undefined) return this.#errors(job, kind ?? '');
    if (method === 'DELETE') return this.#cancel(job);
    return this.#status(job, Number(searchParams.get('skip') ?? 0), request);
  }

  #post(pathname: string, request: IncomingMessage, body: unknown): ScriptedAnswer {
    const schema = { '/v2/crawl': crawlBodySchema, '/v2/batch/scrape': batchBodySchema, '/v2/map': mapBodySchema }[pathname];
    const parsed = schema?.safeParse(body);
    if (pathname === '/v2/map' && parsed?.success === true) return { status: 200, body: { success: true, links: this.behaviour.links } };
    const key = request.headers['x-idempotency-key'];
    if (key !== undefined && pathname === '/v2/crawl') {
      if (this.behaviour.failsOnKeys) return { status: 500, body: { success: false, error: 'Supabase client is not configured.' } };
      const isUuid = typeof key === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key);
      if (this.behaviour.honoursKeys && (!isUuid || this.#keys.has(key))) return { status: 409, body: { success: false, error: 'Idempotency key already used' } };
      this.#keys.add(String(key));
    }
    if (parsed?.success !== true) return { status: 400, body: { success: false, code: 'BAD_REQUEST', error: 'Bad Request', details: parsed?.error.issues } };
    const job = this.#start(pathname === '/v2/crawl' ? 'crawl' : 'batch', parsed.data);
    return { status: 200, body: { success: true, id: job.id, url: `https://${request.headers.host}/v2/crawl/${job.id}`, ...(job.kind === 'batch' ? { invalidURLs: [] } : {}) } };
  }

  #start(kind: StubJob['kind'], body: StubJob['body'] & { readonly urls?: readonly string[] }): StubJob {
    const asked = body.urls === undefined ? undefined : new Set(body.urls);
    const pages = asked === undefined ? this.behaviour.pages : this.behaviour.pages.filter(({ url }) => asked.has(url));
    const job: StubJob = { id: randomUUID(), kind, body, results: pages.map((page) => ({ ...page, scrapeId: randomUUID() })), looks: 0, done: 0, cancelled: false };
    this.jobs.push(job);
    this.#deliver(job, 'started');
    return job;
  }

  #active(): ScriptedAnswer {
    const running = this.jobs.filter((job) => job.kind === 'crawl' && this.#stateOf(job) === 'scraping');
    // Batches are not listed, and of the options neither key nor webhook is shown.
    const crawls = running.map(({ id, body: { url, excludePaths } }) => ({ id, teamId: 'team', url, options: { excludePaths, scrapeOptions: {} } }));
    return { status: 200, body: { success: true, crawls } };
  }

  #errors(job: StubJob, asked: string): ScriptedAnswer {
    const place = this.behaviour.errorsOfBatches;
    const isThere = job.kind === 'crawl' || (place === 'batch' ? asked === 'batch/scrape' : place === 'crawl' && asked === 'crawl');
    if (!isThere) return { status: 404, body: 'Cannot GET' };
    return { status: 200, body: { errors: this.behaviour.failed.map((failure) => ({ id: randomUUID(), ...failure })), robotsBlocked: this.behaviour.robotsBlocked } };
  }

  #cancel(job: StubJob): ScriptedAnswer {
    if (this.#stateOf(job) === 'completed') return { status: 409, body: { success: false, error: 'Crawl is already completed' } };
    job.cancelled = true;
    return { status: 200, body: { status: 'cancelled' } };
  }

  #status(job: StubJob, skip: number, request: IncomingMessage): ScriptedAnswer {
    if (job.looks < this.behaviour.unseenLooks) {
      job.looks += 1;
      return { status: 404, body: { success: false, error: 'Job not found' } };
    }
    const before = this.#stateOf(job);
    job.looks += 1;
    if (!job.cancelled) job.done = Math.min(job.done + this.behaviour.pagesALook, job.results.length, this.behaviour.stuckAt);
    if (job.looks === this.behaviour.shiftsAfterLooks) job.results.push(...job.results.splice(0, 1));
    const state = this.#stateOf(job);
    if (before === 'scraping' && state === 'completed') this.#deliver(job, 'completed');
    return { status: 200, body: this.#page(job, skip, request, state) };
  }

  #page(job: StubJob, skip: number, request: IncomingMessage, state: string): object {
    const { ignoresSkip, pageSize, failed, hidden, nextOrigin } = this.behaviour;
    // Failed pages leave the total once the job is over, so that it equals what was done.
    const total = job.results.length + hidden + (state === 'scraping' ? failed.length : 0);
    const completed = job.done + (job.done === job.results.length ? hidden : 0);
    const done = job.results.slice(0, job.done);
    const data: object[] = [];
    let bytes = 0;
    for (const result of ignoresSkip ? done : done.slice(skip, skip + pageSize)) {
      const document = documentOf(result);
      bytes += JSON.stringify(document).length;
      if (bytes > bytesLimit && data.length > 0) break;
      data.push(document);
    }
    const origin = nextOrigin ?? `https://${request.headers.host}`;
    // Also while the job runs, and also where nothing is there yet.
    const next = total > skip + data.length ? `${origin}/v2/${job.kind === 'crawl' ? 'crawl' : 'batch/scrape'}/${job.id}?skip=${skip + data.length}` : undefined;
    return { success: true, status: state, completed, total, creditsUsed: completed, expiresAt: new Date(Date.now() + 86_400_000).toISOString(), next, data };
  }

  #stateOf(job: StubJob): 'scraping' | 'completed' | 'failed' | 'cancelled' {
    if (job.cancelled) return 'cancelled';
    const { endsAs } = this.behaviour;
    if (endsAs !== undefined && job.looks >= endsAs.afterLooks) return endsAs.status;
    return job.looks > 0 && job.done === job.results.length ? 'completed' : 'scraping';
  }

  /** What would be posted to the webhook of the job. */
  #deliver({ id, kind, body: { webhook } }: StubJob, event: 'started' | 'completed'): void {
    if (webhook === undefined || !webhook.events.includes(event)) return;
    const { signsWith } = this.behaviour;
    const signed = signsWith === undefined ? {} : { webhookId: randomUUID() };
    const body = JSON.stringify({ success: true, type: `${kind === 'crawl' ? 'crawl' : 'batch_scrape'}.${event}`, id, ...signed, data: [], metadata: webhook.metadata });
    const signature: Record<string, string> = signsWith === undefined ? {} : { 'x-firecrawl-signature': `sha256=${createHmac('sha256', signsWith).update(body).digest('hex')}` };
    this.deliveries.push({ headers: { ...webhook.headers, ...signature }, body });
  }
}

const usual: StubBehaviour = {
  pages: [],
  failed: [],
  robotsBlocked: [],
  links: [],
  pagesALook: Number.POSITIVE_INFINITY,
  pageSize: 100,
  ignoresSkip: false,
  nextOrigin: undefined,
  stuckAt: Number.POSITIVE_INFINITY,
  endsAs: undefined,
  expiresAfterLooks: Number.POSITIVE_INFINITY,
  hidden: 0,
  shiftsAfterLooks: -1,
  unseenLooks: 0,
  errorsOfBatches: 'batch',
  honoursKeys: true,
  failsOnKeys: false,
  signsWith: undefined,
};

function documentOf({ url, finalUrl, markdown, statusCode, error, nameless, scrapeId }: StubJob['results'][number]): object {
  const metadata = { title: `Title of ${url}`, sourceURL: url, url: finalUrl ?? url, statusCode: statusCode ?? 200, contentType: 'text/html', scrapeId, creditsUsed: 1, cacheState: 'miss', ...(error === undefined ? {} : { error }) };
  return { markdown: markdown === undefined ? `# ${url}` : markdown, ...(nameless === true ? { metadata: { scrapeId } } : { metadata }) };
}
