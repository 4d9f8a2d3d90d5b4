import { createApp } from '../../src/api/app.ts';
import type { ApiDependencies } from '../../src/api/dependencies.ts';
import type { OpenApiDocument } from '../../src/api/reference/openApiDocument.ts';
import { createServer } from '../../src/api/server.ts';

/** The OpenAPI document as the API serves it: the very app, over dependencies that nothing may call. */
export async function servedOpenApi(): Promise<OpenApiDocument> {
  const stopping = new AbortController();
  const server = createServer(createApp(unusedDependencies(stopping.signal)), { host: '127.0.0.1', port: 0, stopping });
  const port = await server.listen();
  try {
    const response = await fetch(`http://127.0.0.1:${port}/openapi.json`);
    if (!response.ok) throw new Error(`/openapi.json answered ${response.status}.`);
    return (await response.json()) as OpenApiDocument;
  } finally {
    await server.drain(1_000);
  }
}

function unusedDependencies(stopping: AbortSignal): ApiDependencies {
  return {
    authenticator: unused, apiKeys: unused, audit: unused, auditLog: unused, labelling: unused, tenants: unused, tenantStandings: unused, idempotency: unused, limitRate: () => Promise.resolve(), usage: unused, searchQuota: unused, admitWork: refuse, usageMeter: unused, trustedProxies: 0, jobs: unused, steering: unused, reports: unused, uploads: unused, sources: unused, schedules: unused, payloadCrypt: unused, webUiOrigins: [], library: unused,
    deletions: unused, sweeps: unused, consistency: unused, readIndex: refuse, indexChanges: unused, backupBucket: undefined, backupWork: unused, restores: unused, platformSchedules: unused, artifacts: unused, workflowStarter: unused, outbox: unused, firecrawlWebhooks: unused,
    search: refuse, debugSearch: refuse, similarSearch: refuse, replaySearch: refuse, suggest: refuse, synonyms: unused, searchSettings: unused, vault: unused, reranksByModel: false, keepsTokenVectors: true,
    searchGate: unused,
    ingestInProcess: refuse,
    healthChecks: [],
    emit: () => undefined,
    metrics: { contentType: 'text/plain', render: refuse },
    limits: { maximumRequestBytes: 1, maximumUploadBytes: 1, maximumDocumentBytes: 1, linkSeconds: 300 },
    prices: { currency: 'EUR', perMillionTokens: 0, perCredit: 0 },
    corsOrigins: [],
    allowPrivateAddresses: false,
    isBucketOpen: () => false,
    startup: { ready: true },
    stopping,
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('The reference needs no dependency.'));
}

/** A port each of whose methods refuses. */
const unused = new Proxy({}, { get: () => refuse }) as never;
