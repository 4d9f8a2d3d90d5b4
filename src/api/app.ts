import { createBackupRoutes } from './backups/routes.ts';
import express from 'express';
import type { Express } from 'express';
import type { ApiDependencies } from './dependencies.ts';
import { createReadinessMonitor } from '../observability/readinessMonitor.ts';
import { createAuditRoutes } from './audit/routes.ts';
import { createCallerRules } from './callerRules.ts';
import { createConsistencyRoutes } from './consistency/routes.ts';
import { createDeadLetterRoutes } from './deadLetters/routes.ts';
import { createDeletionRoutes } from './deletions/routes.ts';
import { createLabelRoutes } from './documents/labelRoutes.ts';
import { createDocumentRoutes } from './documents/routes.ts';
import { createHealthRoutes } from './health/routes.ts';
import { createCarryOutOnce } from './idempotency/carryOutOnce.ts';
import { createIndexRoutes } from './index/routes.ts';
import { createIngestRoutes } from './ingest/routes.ts';
import { createAddDocumentsRoute } from './jobs/addDocumentsRoute.ts';
import { createReportRoutes } from './jobs/reportRoutes.ts';
import { createJobRoutes } from './jobs/routes.ts';
import { createSteeringRoutes } from './jobs/steeringRoutes.ts';
import { createKeyRoutes } from './keys/routes.ts';
import { createMetricsRoutes } from './metrics/routes.ts';
import { createAccessEvent } from './middleware/accessEvent.ts';
import { createAuthentication } from './middleware/authentication.ts';
import { createConnectionEnd } from './middleware/connectionEnd.ts';
import { createCrossOrigin } from './middleware/crossOrigin.ts';
import { createErrorHandler } from './middleware/errorHandler.ts';
import { createNoStore } from './middleware/noStore.ts';
import { createRequestId } from './middleware/requestId.ts';
import { createSecurityHeaders } from './middleware/securityHeaders.ts';
import { createStartupGate } from './middleware/startupGate.ts';
import { createNotFound } from './middleware/unmatched.ts';
import { createOpenApiDocument } from './reference/openApiDocument.ts';
import { createReferenceAssets, createReferenceRoutes } from './reference/routes.ts';
import { createRouter } from './route.ts';
import type { Route } from './route.ts';
import { createPlatformScheduleRoutes } from './schedules/routes.ts';
import { createSearchRoutes } from './search/routes.ts';
import { createSearchSettingsRoutes } from './search/settingsRoutes.ts';
import { createSuggestRoute } from './search/suggestRoute.ts';
import { createSynonymRoutes } from './search/synonymRoutes.ts';
import { createSourceRoutes } from './sources/routes.ts';
import { createScheduleRoutes } from './sources/scheduleRoutes.ts';
import { createSweepRoutes } from './sweeps/routes.ts';
import { createTemporalCodecRoutes } from './temporalCodec/routes.ts';
import { createTenantRoutes } from './tenants/routes.ts';
import { createUploadRoutes } from './uploads/routes.ts';
import { createUsageRoutes } from './usage/routes.ts';
import { createVaultRoutes } from './vault/routes.ts';
import { createWebhookRoutes } from './webhooks/routes.ts';

/** What the Temporal Web UI sends to a codec beside the token: its namespace, and the identity token of its log-in. */
const webUiHeaders = ['X-Namespace', 'Authorization-Extras'];

/** The API over its dependencies; it listens to nothing yet, see createServer. */
export function createApp(dependencies: ApiDependencies): Express {
  const webhooks = createWebhookRoutes(dependencies);
  const resources = createResources(dependencies, webhooks);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('trust proxy', dependencies.trustedProxies);
  app.use(createRequestId(), createAccessEvent(dependencies.emit), createConnectionEnd(dependencies.stopping), createSecurityHeaders());
  // Before authentication: browsers ask without a token whether they may send one.
  if (dependencies.webUiOrigins.length > 0) app.use('/v1/temporal-codec', createCrossOrigin(dependencies.webUiOrigins, webUiHeaders));
  if (dependencies.corsOrigins.length > 0) app.use('/v1', createCrossOrigin(dependencies.corsOrigins));
  app.use('/docs/assets', createReferenceAssets());
  app.use('/v1', createNoStore(), createStartupGate(dependencies.startup));
  app.use(createRouter(webhooks));
  // Webhooks are proven by their signature; below here nothing is reached without a token.
  app.use('/v1/webhooks', createNotFound());
  app.use('/v1', createAuthentication(dependencies.authenticator, dependencies.tenantStandings), createCallerRules({ recorder: dependencies.audit, carryOutOnce: createCarryOutOnce(dependencies), limitRate: dependencies.limitRate, usageMeter: dependencies.usageMeter }));
  for (const routes of resources) app.use(createRouter(routes));
  app.use(createNotFound(), createErrorHandler());
  return app;
}

/** The routes of each resource, the reference that describes them all included; webhooks are described with them. */
function createResources(dependencies: ApiDependencies, webhooks: readonly Route[]): readonly (readonly Route[])[] {
  const resources: Route[][] = [
    // First, since each router before it costs a search time: all its paths are compared.
    [...createSearchRoutes(dependencies), createSuggestRoute(dependencies), ...createSynonymRoutes(dependencies), ...createSearchSettingsRoutes(dependencies)],
    createUploadRoutes(dependencies),
    createIngestRoutes(dependencies),
    [...createReportRoutes(dependencies), ...createJobRoutes(dependencies), ...createSteeringRoutes(dependencies), createAddDocumentsRoute(dependencies)],
    createDeadLetterRoutes(dependencies),
    [...createSourceRoutes(dependencies), ...createScheduleRoutes(dependencies)],
    // Before the routes of one document, whose path takes any name.
    createLabelRoutes(dependencies),
    createDocumentRoutes(dependencies),
    createDeletionRoutes(dependencies),
    createSweepRoutes(dependencies),
    createConsistencyRoutes(dependencies),
    createIndexRoutes(dependencies),
    createBackupRoutes(dependencies),
    createPlatformScheduleRoutes(dependencies),
    createKeyRoutes(dependencies),
    createAuditRoutes(dependencies),
    createUsageRoutes(dependencies),
    createVaultRoutes(dependencies),
    createTemporalCodecRoutes(dependencies),
    createTenantRoutes(dependencies),
    createHealthRoutes(dependencies, createReadinessMonitor({ checks: dependencies.healthChecks })),
    createMetricsRoutes(dependencies),
  ];
  resources.push(createReferenceRoutes(() => document));
  const document = createOpenApiDocument([...resources.flat(), ...webhooks]);
  return resources;
}
