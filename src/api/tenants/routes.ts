import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { newIdentifier, tenantSchema } from '../../contracts/identifiers.ts';
import { changeTenantRequestSchema, createTenantRequestSchema, suspendTenantRequestSchema, tenantAccountSchema, tenantsPageSchema } from '../../contracts/tenants.ts';
import type { TenantAccount } from '../../contracts/tenants.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import { defineRoute } from '../route.ts';
import type { Answer, Route } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import { exportTenant } from './exportTenant.ts';

type TenantDependencies = Pick<ApiDependencies, 'tenants' | 'library' | 'artifacts' | 'workflowStarter' | 'outbox' | 'emit'>;

const parameters = z.strictObject({ tenant: tenantSchema });
const account: Answer = { description: 'The tenant as it is now.', schema: tenantAccountSchema };
const failures = ['NOT_FOUND', 'CONFLICT', 'REGISTRY_UNAVAILABLE'] as const satisfies readonly ErrorCode[];
/** The log of the tenant tells of it too, not only that of whoever did it. */
const named = ({ parameters: { tenant } }: { readonly parameters: { readonly tenant: string } }): string => tenant;

export function createTenantRoutes(dependencies: TenantDependencies): Route[] {
  return [createRoute(dependencies), listRoute(dependencies), findRoute(dependencies), changeRoute(dependencies), suspendRoute(dependencies), resumeRoute(dependencies), exportRoute(dependencies), deleteRoute(dependencies)];
}

function createRoute({ tenants }: TenantDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/tenants',
    scope: 'tenants:write',
    alsoAudits: ({ body: { tenant } }) => tenant,
    body: createTenantRequestSchema,
    bodyExamples: { limited: { summary: 'A tenant that may only bring in files, for two departments', value: { tenant: 'acme', name: 'Acme Ltd.', policy: { sources: ['upload'], labels: ['legal', 'board'] } } } },
    documentation: {
      operationId: 'createTenant',
      tag: 'Tenants',
      summary: 'Create a tenant',
      description: 'Also one that is served already since nobody had to create it: it gets name and policy, and keeps what it has. The name of a tenant that was deleted is not given again.',
      answers: { 201: { ...account, headers: z.object({ Location: z.string() }) } },
      failures: ['CONFLICT', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      response.status(201).location(`/v1/tenants/${body.tenant}`).json(await tenants.create(body, principalOfRequest(request).subject));
    },
  });
}

function listRoute({ tenants }: TenantDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/tenants',
    scope: 'tenants:read',
    query: z.strictObject({ cursor: tenantSchema.optional().meta({ description: 'The `next` of the page before.' }), limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    documentation: {
      operationId: 'listTenants',
      tag: 'Tenants',
      summary: 'All tenants',
      description: 'Those that nobody created are among them once they have ingested something.',
      answers: { 200: { description: 'A page of tenants, by name.', schema: tenantsPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { cursor, limit } }, _request, response) {
      response.json(await tenants.list(cursor, limit));
    },
  });
}

function findRoute(dependencies: TenantDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/tenants/:tenant',
    scope: 'tenants:read',
    parameters,
    documentation: { operationId: 'getTenant', tag: 'Tenants', summary: 'A tenant', description: 'One that is deleted has the receipt of it.', answers: { 200: account }, failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'] },
    async handle({ parameters: { tenant } }, _request, response) {
      response.json(await find(dependencies, tenant));
    },
  });
}

function changeRoute({ tenants }: TenantDependencies): Route {
  return defineRoute({
    method: 'patch',
    path: '/v1/tenants/:tenant',
    scope: 'tenants:write',
    alsoAudits: named,
    parameters,
    body: changeTenantRequestSchema,
    documentation: { operationId: 'changeTenant', tag: 'Tenants', summary: 'Change name or policy of a tenant', description: 'All processes go by the policy within a second. What is there already stays.', answers: { 200: account }, failures },
    async handle({ parameters: { tenant }, body }, request, response) {
      response.json(await tenants.change(tenant, body, principalOfRequest(request).subject));
    },
  });
}

function suspendRoute(dependencies: TenantDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/tenants/:tenant/suspend',
    scope: 'tenants:write',
    alsoAudits: named,
    parameters,
    body: suspendTenantRequestSchema,
    documentation: {
      operationId: 'suspendTenant',
      tag: 'Tenants',
      summary: 'Suspend a tenant',
      description: 'Within a second all its requests are refused with `TENANT_SUSPENDED`, searches too. Its jobs pause: documents in work finish the stage they are in. Schedules start nothing. Nothing is deleted.',
      answers: { 200: account },
      failures,
    },
    async handle({ parameters: { tenant }, body: { reason } }, request, response) {
      const principal = principalOfRequest(request);
      refuseOwn(principal.tenant, tenant);
      const change = await dependencies.tenants.suspend(tenant, reason, principal.subject);
      await tell(dependencies, change.jobs);
      response.json(change.account);
    },
  });
}

function resumeRoute(dependencies: TenantDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/tenants/:tenant/resume',
    scope: 'tenants:write',
    alsoAudits: named,
    parameters,
    documentation: { operationId: 'resumeTenant', tag: 'Tenants', summary: 'Let a suspended tenant go on', description: 'Jobs that were paused by the suspension go on; those that somebody had paused before stay so.', answers: { 200: account }, failures },
    async handle({ parameters: { tenant } }, _request, response) {
      const change = await dependencies.tenants.resume(tenant);
      await tell(dependencies, change.jobs);
      response.json(change.account);
    },
  });
}

function exportRoute(dependencies: TenantDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/tenants/:tenant/export',
    scope: 'tenants:export',
    isAudited: true,
    alsoAudits: named,
    parameters,
    documentation: {
      operationId: 'exportTenant',
      tag: 'Tenants',
      summary: 'All documents of a tenant',
      description: 'Lines of JSON as they are read: the tenant; each document with its visible version, then its bytes as they were acquired (base64, in order); at last a manifest with counts and the SHA-256 of all lines before it. Without the manifest the export is not whole. Labels hide nothing from it. A suspended tenant can be exported.',
      answers: { 200: { description: 'The lines.', mediaType: 'application/x-ndjson', schema: z.string() } },
      failures: ['NOT_FOUND', 'CONFLICT', 'REGISTRY_UNAVAILABLE', 'ARTIFACT_STORE_UNAVAILABLE'],
    },
    async handle({ parameters: { tenant } }, request, response) {
      const found = await find(dependencies, tenant);
      if (found.state === 'deleting' || found.state === 'deleted') throw new CatalystError('CONFLICT', `The tenant "${tenant}" is ${found.state === 'deleting' ? 'being deleted' : 'deleted'}.`);
      response.setHeader('Content-Type', 'application/x-ndjson');
      response.setHeader('Content-Disposition', `attachment; filename="${tenant}.ndjson"`);
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      const lines = Readable.from(exportTenant(dependencies, found));
      // What breaks can only end the connection: then the manifest is missing.
      lines.once('error', (error) => {
        if (!response.destroyed) contextOf(request).failure = toCatalystError(error);
      });
      await pipeline(lines, response).catch(() => undefined);
    },
  });
}

function deleteRoute(dependencies: TenantDependencies): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/tenants/:tenant',
    scope: 'tenants:write',
    alsoAudits: named,
    parameters,
    documentation: {
      operationId: 'deleteTenant',
      tag: 'Tenants',
      summary: 'Delete a tenant with all it has',
      description: 'Within a second all its requests are refused; its jobs are cancelled, and the deletion goes on durably: documents, vectors, bytes, then all records, keys and settings. What stays is the receipt, with the tenant, and its audit log. It cannot be undone.',
      answers: { 202: { ...account, headers: z.object({ Location: z.string() }) } },
      failures: [...failures, 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ parameters: { tenant } }, request, response) {
      const principal = principalOfRequest(request);
      refuseOwn(principal.tenant, tenant);
      const id = newIdentifier();
      const { account: deleting, jobs } = await dependencies.tenants.beginDeletion(tenant, { id, workflowId: `deletion/${tenant}/${id}` }, principal.subject);
      await tell(dependencies, [...jobs, ...(deleting.deletion === null ? [] : [deleting.deletion.id])]);
      response.status(202).location(`/v1/tenants/${tenant}`).json(deleting);
    },
  });
}

async function find({ tenants }: TenantDependencies, tenant: string): Promise<TenantAccount> {
  const found = await tenants.find(tenant);
  if (found === undefined) throw new CatalystError('NOT_FOUND', `There is no tenant "${tenant}".`);
  return found;
}

/** Nobody locks themselves out: nobody could let them in again. */
function refuseOwn(own: string, tenant: string): void {
  if (own === tenant) throw new CatalystError('CONFLICT', 'This is the tenant of the caller.');
}

const mostAtOnce = 50;

/** The first ones at once; the relay tells all the others. */
async function tell(dependencies: TenantDependencies, work: readonly string[]): Promise<void> {
  await Promise.all(work.slice(-mostAtOnce).map((id) => startAcceptedWork(dependencies, id)));
}
