import { z } from 'zod';
import { auditChainPageSchema, auditPageSchema } from '../../contracts/audit.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { pageLimit } from '../pages.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type AuditDependencies = Pick<ApiDependencies, 'auditLog'>;

const placeSchema = z.string().regex(/^\d{1,15}$/, 'the "next" of an earlier page');
const moment = z.iso.datetime({ offset: true });

const filterSchema = z.strictObject({
  since: moment.optional().meta({ description: 'Begun at this time or later.' }),
  until: moment.optional().meta({ description: 'Begun before this time.' }),
  subject: z.string().min(1).max(255).optional().meta({ description: 'By exactly this subject.' }),
  operation: z.string().min(1).max(100).optional().meta({ description: 'Exactly this operation.', example: 'deleteDocument' }),
  resource: z.string().min(1).max(500).optional().meta({ description: 'On paths that begin so.', example: '/v1/documents/' }),
  cursor: placeSchema.optional().meta({ description: 'The `next` of the page before.' }),
  limit: pageLimit(),
});

export function createAuditRoutes(dependencies: AuditDependencies): Route[] {
  return [listRoute(dependencies), chainRoute(dependencies)];
}

function listRoute({ auditLog }: AuditDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/audit',
    scope: 'audit:read',
    query: filterSchema,
    documentation: {
      operationId: 'listAudit',
      tag: 'Audit',
      summary: 'Who did what',
      description: 'Everything that changed something or was refused for want of rights, and administrative reads: searches with debug output, downloads of artifacts, exports.',
      answers: { 200: { description: 'A page of operations, newest first.', schema: auditPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { cursor, limit, ...filter } }, request, response) {
      response.json(await auditLog.list(principalOfRequest(request).tenant, filter, cursor, limit));
    },
  });
}

function chainRoute({ auditLog }: AuditDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/audit/chain',
    scope: 'audit:read',
    query: z.strictObject({ after: placeSchema.default('0').meta({ description: 'Entries after this place; the `next` of the page before.' }), limit: pageLimit() }),
    documentation: {
      operationId: 'readAuditChain',
      tag: 'Audit',
      summary: 'The log as it is stored',
      description: 'Entries with their hashes, from which anybody can find out whether the log was tampered with; `catalyst audit verify` does so.',
      answers: { 200: { description: 'A page of entries, oldest first.', schema: auditChainPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { after, limit } }, request, response) {
      response.json(await auditLog.readChain(principalOfRequest(request).tenant, Number(after), limit));
    },
  });
}
