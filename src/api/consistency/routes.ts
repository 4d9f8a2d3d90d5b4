import { z } from 'zod';
import { consistencyAuditRequestSchema, consistencyAuditSchema, consistencyAuditsPageSchema, faultsPageSchema } from '../../contracts/consistency.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { numberPageQuery, pageQuery } from '../pages.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';

type ConsistencyDependencies = Pick<ApiDependencies, 'consistency' | 'workflowStarter' | 'outbox' | 'emit'>;

const parameters = z.strictObject({ auditId: z.uuid() });

export function createConsistencyRoutes(dependencies: ConsistencyDependencies): Route[] {
  return [auditRoute(dependencies), listRoute(dependencies), findRoute(dependencies), faultsRoute(dependencies)];
}

function auditRoute(dependencies: ConsistencyDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/consistency/audits',
    scope: 'consistency:write',
    body: consistencyAuditRequestSchema,
    documentation: {
      operationId: 'auditConsistency',
      tag: 'Consistency',
      summary: 'Compare registry, artifacts and index',
      description: 'Finds points and artifacts that are missing, left over, of another tenant, stale, there twice or corrupted, and mends them from the artifacts. A dry run, the default, only reports them. Runs every night by itself, on Sundays a deep one.',
      answers: { 202: { description: 'The audit goes on durably.', schema: consistencyAuditSchema, headers: z.object({ Location: z.string() }) } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ body: { dryRun, deep } }, request, response) {
      const principal = principalOfRequest(request);
      const id = identifierFor(request);
      const audit = await dependencies.consistency.accept(principal, { id, workflowId: `consistency/${principal.tenant}/${id}`, dryRun, deep });
      await startAcceptedWork(dependencies, id);
      response.status(202).location(`/v1/consistency/audits/${id}`).json(audit);
    },
  });
}

function listRoute({ consistency }: ConsistencyDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/consistency/audits',
    scope: 'consistency:read',
    query: pageQuery(),
    documentation: {
      operationId: 'listConsistencyAudits',
      tag: 'Consistency',
      summary: 'Audits, newest first',
      description: 'Of the last 90 days.',
      answers: { 200: { description: 'A page of audits.', schema: consistencyAuditsPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { cursor, limit } }, request, response) {
      response.json(await consistency.list(principalOfRequest(request).tenant, cursor, limit));
    },
  });
}

function findRoute({ consistency }: ConsistencyDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/consistency/audits/:auditId',
    scope: 'consistency:read',
    parameters,
    documentation: {
      operationId: 'getConsistencyAudit',
      tag: 'Consistency',
      summary: 'State and report of an audit',
      answers: { 200: { description: 'The audit; with its report once it is finished.', schema: consistencyAuditSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { auditId } }, request, response) {
      const audit = await consistency.find(principalOfRequest(request).tenant, auditId);
      if (audit === undefined) throw noSuchAudit(auditId);
      response.json(audit);
    },
  });
}

function faultsRoute({ consistency }: ConsistencyDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/consistency/audits/:auditId/faults',
    scope: 'consistency:read',
    parameters,
    query: numberPageQuery(),
    documentation: {
      operationId: 'listConsistencyFaults',
      tag: 'Consistency',
      summary: 'What an audit found, and what became of it',
      answers: { 200: { description: 'A page of faults, in the order in which they were found.', schema: faultsPageSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { auditId }, query: { cursor, limit } }, request, response) {
      const { tenant } = principalOfRequest(request);
      if ((await consistency.find(tenant, auditId)) === undefined) throw noSuchAudit(auditId);
      response.json(await consistency.listFaults(tenant, auditId, cursor, limit));
    },
  });
}

function noSuchAudit(auditId: string): CatalystError {
  return new CatalystError('NOT_FOUND', `There is no audit ${auditId}.`);
}
