import { z } from 'zod';
import { ingestResponseSchema } from '../../contracts/jobs.ts';
import { sourceRunRequestSchema } from '../../contracts/ingestSource.ts';
import { registeredSourceSchema, sourceRequestSchema, sourcesPageSchema } from '../../contracts/sources.ts';
import type { SourceRequest } from '../../contracts/sources.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { deletionAnswer, deletionPath, startDeletion } from '../deletions/routes.ts';
import { acceptSourceJob } from '../ingest/acceptSourceJob.ts';
import { pageQuery } from '../pages.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { cancelRuns } from './cancelRuns.ts';
import { checkSourceRequest } from './checkSourceRequest.ts';
import { findSource } from './findSource.ts';
import { sourceParameters as parameters } from './parameters.ts';

type SourceDependencies = Pick<ApiDependencies, 'admitWork' | 'reports' | 'steering' | 'sources' | 'schedules' | 'jobs' | 'deletions' | 'workflowStarter' | 'outbox' | 'emit' | 'allowPrivateAddresses' | 'isBucketOpen' | 'tenantStandings'>;

export function createSourceRoutes(dependencies: SourceDependencies): Route[] {
  return [createRoute(dependencies), listRoute(dependencies), findRoute(dependencies), replaceRoute(dependencies), removeRoute(dependencies), runRoute(dependencies)];
}

const examples = {
  website: { summary: 'A website, read every night', value: { name: 'Handbook', definition: { type: 'website', url: 'https://example.com/handbook/', include: ['/handbook/**'] }, onMissing: 'delete', schedule: { cron: ['0 3 * * *'], jitterSeconds: 600 } } },
  feed: { summary: 'A feed, read every 15 minutes', value: { name: 'News', definition: { type: 'feed', url: 'https://example.com/feed.xml' }, schedule: { everySeconds: 900 } } },
  bucket: { summary: 'A prefix of a bucket, read by hand', value: { name: 'Contracts', definition: { type: 'bucket', bucket: 'company-files', prefix: 'contracts/' }, attributes: { policies: ['legal'] } } },
};

/** Its runs would delete documents: who may not do so must not have it done. */
const deletesMissing = [{ scope: 'documents:delete' as const, when: '"onMissing": "delete"', isNeeded: ({ body }: { readonly body: SourceRequest }) => body.onMissing === 'delete' }];

function createRoute(dependencies: SourceDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/sources',
    scope: 'sources:write',
    furtherScopes: deletesMissing,
    body: sourceRequestSchema,
    bodyExamples: examples,
    documentation: {
      operationId: 'createSource',
      tag: 'Sources',
      summary: 'Register a source',
      description: 'Its runs are jobs. Documents that did not change are no work; those that a complete run no longer finds are deleted where `onMissing` says so. Without a schedule it runs by hand.',
      answers: { 201: { description: 'The source.', schema: registeredSourceSchema, headers: z.object({ Location: z.string() }) } },
      failures: ['TENANT_POLICY', 'REGISTRY_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      const { tenant } = principalOfRequest(request);
      checkSourceRequest(dependencies, tenant, body);
      const source = await dependencies.sources.create(tenant, identifierFor(request), body);
      await dependencies.schedules.apply(tenant, source).catch(async (error: unknown) => {
        // Who is told that it failed will try again: there must not be two then.
        await dependencies.sources.remove(tenant, source.id);
        throw error;
      });
      response.status(201).location(`/v1/sources/${source.id}`).json(source);
    },
  });
}

function listRoute({ sources }: SourceDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/sources',
    scope: 'sources:read',
    query: pageQuery(),
    documentation: {
      operationId: 'listSources',
      tag: 'Sources',
      summary: 'Registered sources',
      answers: { 200: { description: 'A page of sources.', schema: sourcesPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { cursor, limit } }, request, response) {
      response.json(await sources.list(principalOfRequest(request).tenant, cursor, limit));
    },
  });
}

function findRoute(dependencies: SourceDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/sources/:sourceId',
    scope: 'sources:read',
    parameters,
    documentation: {
      operationId: 'getSource',
      tag: 'Sources',
      summary: 'A source',
      answers: { 200: { description: 'The source with its last job.', schema: registeredSourceSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { sourceId } }, request, response) {
      response.json(await findSource(dependencies, principalOfRequest(request).tenant, sourceId));
    },
  });
}

function replaceRoute(dependencies: SourceDependencies): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/sources/:sourceId',
    scope: 'sources:write',
    furtherScopes: deletesMissing,
    parameters,
    body: sourceRequestSchema,
    documentation: {
      operationId: 'replaceSource',
      tag: 'Sources',
      summary: 'Change a source',
      description: 'What is left out takes its default. The next run follows the new definition; one in work goes on with the old.',
      answers: { 200: { description: 'The source as it is now.', schema: registeredSourceSchema } },
      failures: ['TENANT_POLICY', 'NOT_FOUND', 'REGISTRY_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ parameters: { sourceId }, body }, request, response) {
      const { tenant } = principalOfRequest(request);
      checkSourceRequest(dependencies, tenant, body);
      await findSource(dependencies, tenant, sourceId);
      const source = (await dependencies.sources.update(tenant, sourceId, body)) ?? (await findSource(dependencies, tenant, sourceId));
      await dependencies.schedules.apply(tenant, source);
      response.json(source);
    },
  });
}

function removeRoute(dependencies: SourceDependencies): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/sources/:sourceId',
    scope: 'sources:write',
    furtherScopes: [{ scope: 'documents:delete', when: 'documents=delete', isNeeded: ({ query }) => query.documents === 'delete' }],
    parameters,
    query: z.strictObject({ documents: z.enum(['keep', 'delete']).default('keep').meta({ description: 'What happens to the documents it brought.' }) }),
    documentation: {
      operationId: 'deleteSource',
      tag: 'Sources',
      summary: 'Remove a source',
      description: 'Its schedule ends; a run in work goes on. With `documents=delete` its documents go too, as `POST /v1/deletions` does it, and runs in work are cancelled first.',
      answers: { 202: deletionAnswer, 204: { description: 'The source is gone, its documents stay.' } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ parameters: { sourceId }, query: { documents } }, request, response) {
      const principal = principalOfRequest(request);
      await findSource(dependencies, principal.tenant, sourceId);
      await dependencies.schedules.remove(principal.tenant, sourceId);
      if (documents === 'delete') await cancelRuns(dependencies, principal, sourceId);
      const deletion = documents === 'delete' ? await startDeletion(dependencies, principal, { sourceId }) : undefined;
      await dependencies.sources.remove(principal.tenant, sourceId);
      if (deletion === undefined) response.status(204).end();
      else response.status(202).location(deletionPath(deletion)).json(deletion);
    },
  });
}

function runRoute(dependencies: SourceDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/sources/:sourceId/runs',
    scope: 'sources:run',
    parameters,
    body: sourceRunRequestSchema,
    documentation: {
      operationId: 'runSource',
      tag: 'Sources',
      summary: 'Read a source now',
      answers: { 202: { description: 'The job that reads it.', schema: ingestResponseSchema, headers: z.object({ Location: z.string() }) } },
      failures: ['QUOTA_EXCEEDED', 'TENANT_BUDGET_EXHAUSTED', 'NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { sourceId }, body }, request, response) {
      const principal = principalOfRequest(request);
      const { id, definition, attributes, onMissing } = await findSource(dependencies, principal.tenant, sourceId);
      const accepted = await acceptSourceJob(dependencies, principal, { sourceId: id, definition, attributes, onMissing }, body, identifierFor(request));
      response.status(202).location(accepted.links.job).json(accepted);
    },
  });
}
