import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createConsistencyRegistry } from '../../../src/adapters/postgres/consistency/consistencyRegistry.ts';
import { createDeletionRegistry } from '../../../src/adapters/postgres/deletions/deletionRegistry.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createJobReports } from '../../../src/adapters/postgres/jobs/jobReports.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import { createAuditLog } from '../../../src/adapters/postgres/audit/auditLog.ts';
import { createApiKeyRegistry } from '../../../src/adapters/postgres/keys/apiKeyRegistry.ts';
import { createIdempotencyRegistry } from '../../../src/adapters/postgres/idempotency/idempotencyRegistry.ts';
import { createLibrary } from '../../../src/adapters/postgres/documents/library.ts';
import { createSourceRegistry } from '../../../src/adapters/postgres/sources/sourceRegistry.ts';
import { createSearchSettingsRegistry } from '../../../src/adapters/postgres/settings/searchSettingsRegistry.ts';
import { createSynonymRegistry } from '../../../src/adapters/postgres/settings/synonymRegistry.ts';
import { createSweepRegistry } from '../../../src/adapters/postgres/sweeps/sweepRegistry.ts';
import { createTenantRegistry } from '../../../src/adapters/postgres/tenants/tenantRegistry.ts';
import { createUsageLedger } from '../../../src/adapters/postgres/usage/usageLedger.ts';
import { createWorkOutbox } from '../../../src/adapters/postgres/workOutbox.ts';
import { createAuditRecorder } from '../../../src/api/audit/auditRecorder.ts';
import { createApiKeyAuthenticator } from '../../../src/api/authentication/apiKeyAuthenticator.ts';
import { createAuthenticator } from '../../../src/api/authentication/createAuthenticator.ts';
import type { ApiDependencies } from '../../../src/api/dependencies.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Prices } from '../../../src/contracts/estimate.ts';
import type { JobRegistry } from '../../../src/ports/jobRegistry.ts';
import { startTestDatabase } from '../postgres.ts';
import { createMemorySchedules } from './memorySchedules.ts';
import type { MemorySchedules } from './memorySchedules.ts';
import { signToken, startApi, tokenOptions } from './runningApi.ts';
import type { RunningApi } from './runningApi.ts';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Calls as one tenant; an empty answer is undefined. */
export type Caller = <Body = Problem>(method: Method, path: string, body?: unknown) => Promise<Answer<Body>>;

export interface RegistryApi extends Omit<RunningApi, 'jobs'> {
  readonly database: Database;
  readonly jobs: JobRegistry;
  readonly schedules: MemorySchedules;
  as(tenant: string, claims?: Record<string, unknown>): Promise<Caller>;
}

export const prices: Prices = { currency: 'EUR', perMillionTokens: 2, perCredit: 0.01 };

/** The app over the real registries on a Postgres of its own; workflows are recorded instead of started. */
export async function startRegistryApi(overrides: (database: Database) => Partial<ApiDependencies> = () => ({})): Promise<RegistryApi> {
  const started = await startTestDatabase();
  const { database } = started;
  const schedules = createMemorySchedules();
  const jobs = createJobRegistry(database, { prices });
  const apiKeys = createApiKeyRegistry(database);
  const auditLog = createAuditLog(database);
  const audit = createAuditRecorder({ log: auditLog, emit: () => undefined });
  const api = await startApi({
    jobs,
    schedules,
    prices,
    authenticator: createAuthenticator(tokenOptions, createApiKeyAuthenticator({ registry: apiKeys, emit: () => undefined })),
    apiKeys,
    auditLog,
    tenants: createTenantRegistry(database),
    audit,
    usage: createUsageLedger(database),
    idempotency: createIdempotencyRegistry(database),
    steering: createJobSteering(database),
    reports: createJobReports(database, { prices }),
    sources: createSourceRegistry(database),
    library: createLibrary(database, { prices }),
    deletions: createDeletionRegistry(database),
    sweeps: createSweepRegistry(database),
    consistency: createConsistencyRegistry(database),
    synonyms: createSynonymRegistry(database),
    searchSettings: createSearchSettingsRegistry(database),
    outbox: createWorkOutbox(database),
    ...overrides(database),
  });
  return {
    ...api,
    database,
    jobs,
    schedules,
    async as(tenant, claims = {}) {
      const token = await signToken({ tenant, ...claims });
      return (method, path, body) => call(`${api.url}${path}`, method, token, body);
    },
    async close() {
      await api.close();
      await audit.close();
      await started.close();
    },
  };
}

async function call<Body>(url: string, method: Method, token: string, body: unknown): Promise<Answer<Body>> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as Body };
}
