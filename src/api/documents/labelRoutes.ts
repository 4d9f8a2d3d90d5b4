import type { Response } from 'express';
import { labelChangeSchema, setLabelsRequestSchema, setManyLabelsRequestSchema } from '../../contracts/labels.ts';
import type { LabelChange } from '../../contracts/labels.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route, RouteDocumentation } from '../route.ts';
import { labelProblems, requireAllowed } from '../tenants/tenantRules.ts';
import { documentParameters as parameters } from './parameters.ts';

type LabelDependencies = Pick<ApiDependencies, 'labelling' | 'tenantStandings'>;

export function createLabelRoutes(dependencies: LabelDependencies): Route[] {
  return [setRoute(dependencies), setManyRoute(dependencies)];
}

function setRoute({ labelling, tenantStandings }: LabelDependencies): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/documents/:documentId/labels',
    scope: 'documents:label',
    parameters,
    body: setLabelsRequestSchema,
    bodyExamples: { closed: { summary: 'For the legal department only', value: { labels: ['legal'] } }, reset: { summary: 'As the ingestion says', value: { labels: null } } },
    documentation: documentation('setDocumentLabels', 'Change who may see a document'),
    async handle({ parameters: { documentId }, body: { labels } }, request, response) {
      const principal = principalOfRequest(request);
      requireAllowed(labelProblems(tenantStandings.policyOf(principal.tenant), labels ?? [], '/labels'));
      answer(response, await labelling.change(principal, [documentId.toLowerCase()], labels));
    },
  });
}

function setManyRoute({ labelling, tenantStandings }: LabelDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/documents/labels',
    scope: 'documents:label',
    body: setManyLabelsRequestSchema,
    documentation: documentation('setManyDocumentLabels', 'Change who may see several documents'),
    async handle({ body: { documents, labels } }, request, response) {
      const principal = principalOfRequest(request);
      requireAllowed(labelProblems(tenantStandings.policyOf(principal.tenant), labels ?? [], '/labels'));
      answer(response, await labelling.change(principal, documents, labels));
    },
  });
}

function answer(response: Response, change: LabelChange): void {
  response.status(change.inSearch ? 200 : 202).json(change);
}

function documentation(operationId: string, summary: string): RouteDocumentation {
  return {
    operationId,
    tag: 'Documents',
    summary,
    description: 'Nothing is embedded again. Files inside, such as attachments, get the same labels. A document that the caller may not see is as one that there is not.',
    answers: {
      200: { description: 'Searches heed the labels from now on.', schema: labelChangeSchema },
      202: { description: 'The labels are stored, and documents are listed by them; the index does not answer, and searches heed them as soon as it does.', schema: labelChangeSchema },
    },
    failures: ['TENANT_POLICY', 'NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
  };
}
