import { SignJWT } from 'jose';
import { createApp } from '../../../src/api/app.ts';
import { createAuthenticator } from '../../../src/api/authentication/createAuthenticator.ts';
import type { ApiDependencies } from '../../../src/api/dependencies.ts';
import { Admission, searchAdmission } from '../../../src/api/overload/admission.ts';
import { createRequestGate } from '../../../src/api/overload/requestGate.ts';
import { createServer } from '../../../src/api/server.ts';
import type { ApiServer } from '../../../src/api/server.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { openPolicy } from '../../../src/contracts/tenants.ts';
import type { SearchRequest } from '../../../src/contracts/search.ts';
import type { ProgressSample } from '../../../src/ports/jobReports.ts';
import type { StoredUpload } from '../../../src/ports/uploadRegistry.ts';
import type { PendingWork } from '../../../src/ports/workOutbox.ts';
import { createMemoryArtifactStore } from './memoryArtifactStore.ts';
import type { MemoryArtifactStore } from './memoryArtifactStore.ts';
import { createMemoryJobRegistry } from './memoryJobRegistry.ts';
import type { MemoryJobRegistry } from './memoryJobRegistry.ts';
import { emptyAnswer } from './emptyAnswer.ts';

export const secret = 'a secret of the tests, at least 32 bytes long';
const backupRun = { workflowId: 'catalyst/backup/create', runId: '0190a000-0000-4000-8000-000000000002' };
const issuer = 'https://issuer.test';
const audience = 'catalyst';
/** What the tokens of `signToken` are verified by. */
export const tokenOptions = { secret, issuer, audience, clockSkewSeconds: 5 };

export interface RunningApi {
  readonly url: string;
  readonly api: ApiServer;
  readonly token: string;
  readonly events: DomainEvent[];
  readonly artifacts: MemoryArtifactStore;
  readonly jobs: MemoryJobRegistry;
  readonly uploads: Map<string, StoredUpload & { tenant: string }>;
  readonly started: PendingWork[];
  readonly woken: { readonly tenant: string; readonly jobId: string }[];
  readonly searches: SearchRequest[];
  readonly stopping: AbortController;
  readonly startup: { ready: boolean };
  /** With a token of an administrator of the tenant `acme` unless the headers say otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  close(): Promise<void>;
}

/** The app over in-memory ports on a free port, reached by HTTP alone. */
export async function startApi(overrides: Partial<ApiDependencies> = {}, artifacts = createMemoryArtifactStore()): Promise<RunningApi> {
  const events: DomainEvent[] = [];
  const jobs = createMemoryJobRegistry();
  const uploads = new Map<string, StoredUpload & { tenant: string }>();
  const started: PendingWork[] = [];
  const woken: RunningApi['woken'] = [];
  const searches: SearchRequest[] = [];
  const stopping = new AbortController();
  const startup = { ready: true };
  const app = createApp({
    authenticator: createAuthenticator(tokenOptions),
    search: (_principal, request) => {
      searches.push(request);
      return Promise.resolve(emptyAnswer(request));
    },
    debugSearch: () => Promise.reject(new Error('not asked')),
    similarSearch: () => Promise.reject(new Error('not asked')),
    replaySearch: () => Promise.reject(new Error('not asked')),
    searchGate: createRequestGate(new Admission(searchAdmission), (event) => events.push(event)),
    idempotency: notHere, limitRate: () => Promise.resolve(), admitWork: () => Promise.resolve(), searchQuota: { read: () => Promise.resolve(null) }, usage: notHere, usageMeter: { count: () => undefined }, suggest: notHere, synonyms: notHere, searchSettings: notHere, vault: undefined, apiKeys: notHere, keepsTokenVectors: true, reranksByModel: true,
    audit: { begin: () => Promise.resolve(), end: () => undefined, refuse: () => undefined, close: () => Promise.resolve() }, auditLog: notHere, labelling: notHere, tenants: notHere, tenantStandings: { admit: (principal) => principal, policyOf: () => openPolicy }, trustedProxies: 0,
    jobs,
    uploads: {
      record(tenant, upload) {
        uploads.set(upload.id, { ...upload, tenant });
        return Promise.resolve();
      },
      find: (tenant, ids) => Promise.resolve(ids.flatMap((id) => uploads.get(id) ?? []).filter((upload) => upload.tenant === tenant)),
    },
    artifacts,
    workflowStarter: {
      start(work) {
        started.push(work);
        return Promise.resolve();
      },
      wake(tenant, jobId) {
        woken.push({ tenant, jobId });
        return Promise.resolve();
      },
    },
    reports: { listJobs: notHere, listDeadLetters: notHere, summariseDeadLetters: notHere, tokensPerByte: () => Promise.resolve(undefined), progress: (tenant, jobId) => progressOf(jobs, tenant, jobId) },
    steering: notHere, sources: notHere, schedules: notHere, library: notHere, deletions: notHere, sweeps: notHere, consistency: notHere, platformSchedules: { list: () => Promise.resolve([]), apply: () => Promise.resolve([]), run: () => Promise.resolve(), pause: () => Promise.resolve(), resume: () => Promise.resolve() }, readIndex: () => Promise.resolve({ alias: 'catalyst', serving: null, statistics: null, placements: [], generations: [], decisions: [] }), indexChanges: { compact: () => Promise.resolve({ workflowId: 'compaction' }), reindex: () => Promise.resolve({ workflowId: 'reindex' }), rollBack: () => Promise.resolve({ workflowId: 'rollback' }) },
    backupBucket: undefined, restores: { list: () => Promise.resolve([]) }, backupWork: { create: () => Promise.resolve(backupRun), verify: () => Promise.resolve(backupRun), restore: () => Promise.resolve(backupRun), find: () => Promise.resolve(undefined) },
    firecrawlWebhooks: undefined,
    ingestInProcess: undefined,
    prices: { currency: 'EUR', perMillionTokens: 0, perCredit: 0 },
    outbox: jobs.outbox,
    healthChecks: [{ name: 'postgres', check: () => Promise.resolve('PostgreSQL 18') }],
    emit: (event) => events.push(event),
    metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', render: () => Promise.resolve('up 1\n') },
    limits: { maximumRequestBytes: 16 * 1024 ** 2, maximumUploadBytes: 1024 ** 3, maximumDocumentBytes: 1024 ** 2, linkSeconds: 300 },
    corsOrigins: [],
    webUiOrigins: [],
    payloadCrypt: { decode: (payloads) => [...payloads], encode: (payloads) => [...payloads] },
    allowPrivateAddresses: false,
    isBucketOpen: (_tenant, bucket) => bucket === 'company-files',
    startup,
    stopping: stopping.signal,
    ...overrides,
  });
  const api = createServer(app, { host: '127.0.0.1', port: 0, stopping });
  const url = `http://127.0.0.1:${await api.listen()}`;
  const token = await signToken({});
  const fetchAs = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) } });
  return {
    url, api, token, events, artifacts, jobs, uploads, started, woken, searches, stopping, startup,
    fetch: fetchAs,
    post: (path, body) => fetchAs(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    close: () => api.drain(1_000),
  };
}

async function progressOf(jobs: MemoryJobRegistry, tenant: string, jobId: string): Promise<ProgressSample | undefined> {
  const job = await jobs.find(tenant, jobId);
  if (job === undefined) return undefined;
  const { state, pause, counts, spent } = job;
  return { progress: { jobId, at: new Date().toISOString(), state, pause, counts, spent, stages: [], documentsPerSecond: null }, openEnded: false, finishedPerInterval: [], intervalSeconds: 5 };
}

/** Ports that tests over memory do without; see registryApi.ts for those over Postgres. */
const refuse = () => Promise.reject(new Error('The API has nothing of this here.'));
const notHere = new Proxy(refuse, { get: () => refuse }) as never;

export function signToken(claims: Record<string, unknown>, { key = secret, expires = '1h', algorithm = 'HS256' } = {}): Promise<string> {
  return new SignJWT({ tenant: 'acme', sub: 'tester', roles: ['tenant-admin'], iss: issuer, aud: audience, ...claims })
    .setProtectedHeader({ alg: algorithm })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(key));
}
