import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { retentionChangeSchema, retentionPolicySchema, sweepRequestSchema, sweepSchema, sweepsPageSchema } from '../../contracts/sweeps.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { pageQuery } from '../pages.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import { requireAllowed, retentionProblems } from '../../contracts/policyRules.ts';

type SweepDependencies = Pick<ApiDependencies, 'sweeps' | 'tenantStandings' | 'workflowStarter' | 'outbox' | 'emit'>;

export function createSweepRoutes(dependencies: SweepDependencies): Route[] {
  return [readRetentionRoute(dependencies), writeRetentionRoute(dependencies), changeRetentionRoute(dependencies), sweepRoute(dependencies), listRoute(dependencies), findRoute(dependencies)];
}

function readRetentionRoute({ sweeps }: SweepDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/retention',
    scope: 'retention:read',
    documentation: {
      operationId: 'getRetention',
      tag: 'Retention',
      summary: 'How long what is no longer needed is kept',
      answers: { 200: { description: 'What is in force: as the tenant chose it, or by default, as far as its own policy lets it.', schema: retentionPolicySchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      response.json(await sweeps.readRetention(principalOfRequest(request).tenant));
    },
  });
}

function writeRetentionRoute({ sweeps, tenantStandings }: SweepDependencies): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/retention',
    scope: 'retention:write',
    body: retentionPolicySchema,
    documentation: {
      operationId: 'setRetention',
      tag: 'Retention',
      summary: 'Set how long what is no longer needed is kept',
      description: 'What is left out takes its default. The daily sweep follows it.',
      answers: { 200: { description: 'The policy as it is now.', schema: retentionPolicySchema } },
      failures: ['TENANT_POLICY', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      const { tenant } = principalOfRequest(request);
      requireAllowed(retentionProblems(tenantStandings.policyOf(tenant), body));
      await sweeps.writeRetention(tenant, body);
      response.json(body);
    },
  });
}

function changeRetentionRoute({ sweeps, tenantStandings }: SweepDependencies): Route {
  return defineRoute({
    method: 'patch',
    path: '/v1/retention',
    scope: 'retention:write',
    body: retentionChangeSchema,
    documentation: {
      operationId: 'changeRetention',
      tag: 'Retention',
      summary: 'Change some of how long what is no longer needed is kept',
      description: 'What is left out stays as the tenant chose it, or goes on by its default, whatever the policy of the tenant makes of it.',
      answers: { 200: { description: 'What is in force now.', schema: retentionPolicySchema } },
      failures: ['TENANT_POLICY', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      const { tenant } = principalOfRequest(request);
      requireAllowed(retentionProblems(tenantStandings.policyOf(tenant), body));
      await sweeps.changeRetention(tenant, body);
      response.json(await sweeps.readRetention(tenant));
    },
  });
}

function sweepRoute(dependencies: SweepDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/sweeps',
    scope: 'retention:write',
    body: sweepRequestSchema,
    documentation: {
      operationId: 'sweep',
      tag: 'Retention',
      summary: 'Remove what is no longer needed',
      description: 'Orphans of failed and cancelled runs, artifacts of replaced versions and unused uploads, as old as the policy says. A dry run, the default, only reports them. Runs daily by itself.',
      answers: { 202: { description: 'The sweep goes on durably.', schema: sweepSchema, headers: z.object({ Location: z.string() }) } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ body: { dryRun } }, request, response) {
      const principal = principalOfRequest(request);
      const id = identifierFor(request);
      const sweep = await dependencies.sweeps.accept(principal, { id, workflowId: `sweep/${principal.tenant}/${id}`, dryRun });
      await startAcceptedWork(dependencies, id);
      response.status(202).location(`/v1/sweeps/${id}`).json(sweep);
    },
  });
}

function listRoute({ sweeps }: SweepDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/sweeps',
    scope: 'retention:read',
    query: pageQuery(),
    documentation: {
      operationId: 'listSweeps',
      tag: 'Retention',
      summary: 'Sweeps, newest first',
      answers: { 200: { description: 'A page of sweeps.', schema: sweepsPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { cursor, limit } }, request, response) {
      response.json(await sweeps.list(principalOfRequest(request).tenant, cursor, limit));
    },
  });
}

function findRoute({ sweeps }: SweepDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/sweeps/:sweepId',
    scope: 'retention:read',
    parameters: z.strictObject({ sweepId: z.uuid() }),
    documentation: {
      operationId: 'getSweep',
      tag: 'Retention',
      summary: 'State and report of a sweep',
      answers: { 200: { description: 'The sweep; with its report once it is finished.', schema: sweepSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { sweepId } }, request, response) {
      const sweep = await sweeps.find(principalOfRequest(request).tenant, sweepId);
      if (sweep === undefined) throw new CatalystError('NOT_FOUND', `There is no sweep ${sweepId}.`);
      response.json(sweep);
    },
  });
}
