import type { FieldProblem } from '../../contracts/errors.ts';
import type { Schedule, SourceAttributes, SourceDefinition } from '../../contracts/sources.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { urlObjection } from '../ingest/urlRules.ts';
import { invalidRequest } from '../parseInput.ts';
import { originProblems, requireAllowed } from '../tenants/tenantRules.ts';
import { timezoneObjection } from './timezone.ts';

/** Throws TENANT_POLICY where the tenant may not have such a source, INVALID_REQUEST where the source names an address that is never fetched, a bucket that is not open to the tenant, or a timezone that is none. */
export function checkSourceRequest(
  { allowPrivateAddresses, isBucketOpen, tenantStandings }: Pick<ApiDependencies, 'allowPrivateAddresses' | 'isBucketOpen' | 'tenantStandings'>,
  tenant: string,
  { definition, attributes, schedule = null }: { readonly definition: SourceDefinition; readonly attributes: SourceAttributes; readonly schedule?: Schedule | null },
): void {
  requireAllowed(originProblems(tenantStandings.policyOf(tenant), definition.type, attributes, { origin: '/definition/type', attributes: '/attributes' }));
  const addresses = addressesOf(definition).flatMap(({ pointer, url }): FieldProblem[] => {
    const objection = urlObjection(url, allowPrivateAddresses);
    return objection === undefined ? [] : [{ pointer, code: 'URL_FORBIDDEN', detail: objection }];
  });
  const buckets: FieldProblem[] =
    definition.type === 'bucket' && !isBucketOpen(tenant, definition.bucket)
      ? [{ pointer: '/definition/bucket', code: 'invalid_value', detail: `The bucket "${definition.bucket}" is not open to this tenant; the operator opens buckets with CATALYST_IMPORT_BUCKETS.` }]
      : [];
  const objection = schedule === null ? undefined : timezoneObjection(schedule.timezone);
  const timezones: FieldProblem[] = objection === undefined ? [] : [{ pointer: '/schedule/timezone', code: 'invalid_value', detail: objection }];
  const problems = [...addresses, ...buckets, ...timezones];
  if (problems.length > 0) throw invalidRequest(problems);
}

function addressesOf(definition: SourceDefinition): { readonly pointer: string; readonly url: string }[] {
  switch (definition.type) {
    case 'bucket':
      return [];
    case 'pages':
      return definition.urls.map((url, index) => ({ pointer: `/definition/urls/${index}`, url }));
    default:
      return [{ pointer: '/definition/url', url: definition.url }];
  }
}
