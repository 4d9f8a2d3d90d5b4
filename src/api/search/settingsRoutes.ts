import { requireAllowed } from '../../contracts/policyRules.ts';
import { searchSettingsUpdateSchema, storedSearchSettingsSchema } from '../../contracts/searchSettings.ts';
import type { SearchSettings } from '../../contracts/searchSettings.ts';
import { termWeightProblems } from '../../retrieval/termWeights/problems.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { invalidRequest, principalOfRequest } from '../parseInput.ts';
import { pointerTo } from '../problems/pointer.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { searchSettingsExamples } from './examples.ts';

type SettingsDependencies = Pick<ApiDependencies, 'searchSettings' | 'keepsTokenVectors' | 'reranksByModel' | 'vault'>;

/** Said at once, since a tenant that believed in codes it does not get would look for the reason in its results. */
const noTokenVectors = 'this deployment keeps no token vectors, so that a tenant cannot switch them on; leave the field out, or have the operator set the embedded model (CATALYST_EMBEDDING_PROVIDER=onnx) and CATALYST_TOKEN_VECTORS=on';

const noModel = 'this deployment has no model to rerank by; leave the field out, or have the operator name one (CATALYST_RERANKER)';

/** Who believes that redacted data can be brought back would learn otherwise when it is too late. */
const noVault = 'this deployment has no vault; leave the field out, or have the operator set CATALYST_VAULT_KEYS and CATALYST_VAULT_NAME_KEY';

const path = '/v1/search/settings';

export function createSearchSettingsRoutes(dependencies: SettingsDependencies): Route[] {
  return [readRoute(dependencies), writeRoute(dependencies), removeRoute(dependencies)];
}

function readRoute({ searchSettings }: SettingsDependencies): Route {
  return defineRoute({
    method: 'get',
    path,
    scope: 'settings:read',
    documentation: {
      operationId: 'getSearchSettings',
      tag: 'Search',
      summary: 'The search settings of the tenant',
      answers: { 200: { description: 'All of them; revision 0 where none were ever set.', schema: storedSearchSettingsSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      response.json(await searchSettings.read(principalOfRequest(request).tenant));
    },
  });
}

function writeRoute({ searchSettings, keepsTokenVectors, reranksByModel, vault }: SettingsDependencies): Route {
  return defineRoute({
    method: 'put',
    path,
    scope: 'settings:write',
    body: searchSettingsUpdateSchema,
    bodyExamples: searchSettingsExamples,
    documentation: {
      operationId: 'setSearchSettings',
      tag: 'Search',
      summary: 'Replace the search settings of the tenant',
      description: 'They act on every search of the tenant that does not say otherwise, from the next one on. Documents stay as they are; `tokenVectors` acts on those that are ingested from now on.',
      answers: { 200: { description: 'The settings as they are now.', schema: storedSearchSettingsSchema } },
      failures: ['TENANT_POLICY', 'CONFLICT', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      refuseVainWeights(body);
      if (body.tokenVectors === 'on' && !keepsTokenVectors) throw invalidRequest([{ pointer: '/tokenVectors', code: 'unsupported', detail: noTokenVectors }]);
      if (body.rerank === 'model' && !reranksByModel) throw invalidRequest([{ pointer: '/rerank', code: 'unsupported', detail: noModel }]);
      if (body.reversible === true && vault === undefined) throw invalidRequest([{ pointer: '/reversible', code: 'unsupported', detail: noVault }]);
      const { tenant, limits } = principalOfRequest(request);
      if (body.rerank !== undefined && limits?.rerankers?.includes(body.rerank) === false) requireAllowed([{ pointer: '/rerank', code: 'TENANT_POLICY', detail: `The tenant may not rerank by "${body.rerank}".` }]);
      response.json(await searchSettings.write(tenant, body));
    },
  });
}

function removeRoute({ searchSettings }: SettingsDependencies): Route {
  return defineRoute({
    method: 'delete',
    path,
    scope: 'settings:write',
    documentation: {
      operationId: 'deleteSearchSettings',
      tag: 'Search',
      summary: 'Remove all search settings of the tenant',
      answers: { 200: { description: 'None are left; the revision goes on counting.', schema: storedSearchSettingsSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      response.json(await searchSettings.remove(principalOfRequest(request).tenant));
    },
  });
}

/** A weight that could never do what was meant is an error now, and not a riddle later. Throws INVALID_REQUEST. */
function refuseVainWeights({ termWeights = {} }: SearchSettings): void {
  const problems = termWeightProblems(termWeights).map(({ term, detail }) => ({ pointer: pointerTo('/termWeights', [term]), code: 'invalid_value', detail }));
  if (problems.length > 0) throw invalidRequest(problems.slice(0, 50));
}
