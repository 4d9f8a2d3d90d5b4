import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError, errorTable } from '../../contracts/errors.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { DiscoveryProgress, JobScope } from '../../contracts/ingestion.ts';
import { modelProblems, originProblems, requireAllowed } from '../../contracts/policyRules.ts';
import type { DiscoveryPosition } from '../../ports/discoveryRegistry.ts';
import type { DiscoveryRequest } from '../../ports/sourceDiscovery.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { pausing } from '../stages/stage.ts';
import { withTenantFetch } from '../stages/tenantFetches.ts';

type DiscoveryDependencies = Pick<ActivityDependencies, 'policies' | 'embedder' | 'discoveries' | 'discovery' | 'artifacts' | 'jobs' | 'steering' | 'limiter' | 'settings' | 'emit'>;

/** Addresses handed to one step: some seconds of work at a site that answers. */
const entriesPerStep = 20;

/**
 * Takes the next step of reading the source of a job, and records it in one transaction: a step that was cut off is taken again. Throws TENANT_POLICY
 * before the first one where the tenant may not have such a source any more.
 */
export async function discoverStep(dependencies: DiscoveryDependencies, scope: JobScope, context: ActivityContext): Promise<DiscoveryProgress> {
  const { discoveries, discovery, artifacts, emit } = dependencies;
  const { tenant, jobId } = scope;
  const position = await discoveries.load(tenant, jobId, entriesPerStep);
  if (position?.state !== 'running') return { added: 0, finished: true, waitMs: 0 };
  const startedAt = performance.now();
  const { definition } = position.source;
  if (position.step === 0) await refuseForbidden(dependencies, tenant, position.source);
  const request: DiscoveryRequest = {
    tenant,
    jobId,
    definition,
    entries: position.entries,
    cursor: position.cursor,
    documentsSoFar: position.documents,
    signal: context.signal,
    progress: context.progress,
    store: (bytes, mediaType) => storePage(artifacts, tenant, bytes, mediaType),
    load: (reference) => loadPage(artifacts, tenant, reference),
    findStored: (sourceKeys) => discoveries.findStored(tenant, sourceKeys),
  };
  const step = await pausing(dependencies, scope, () => withTenantFetch(dependencies, tenant, context.signal, () => discovery.step(request)));
  const { added, finished } = await discoveries.record(tenant, jobId, position, step);
  emit({ type: 'discovery.stepped', tenant, jobId, source: definition.type, added, unreadable: step.unreadable.length, finished, latencyMs: performance.now() - startedAt });
  return { added, finished, waitMs: step.waitMs ?? 0 };
}

/** The policy may have been narrowed since the source was registered. Throws TENANT_POLICY, which the job reports as why its source was not read. */
async function refuseForbidden({ policies, embedder }: DiscoveryDependencies, tenant: string, { definition, attributes }: DiscoveryPosition['source']): Promise<void> {
  const policy = await policies.read(tenant);
  requireAllowed([...originProblems(policy, definition.type, attributes, { origin: '/definition/type', attributes: '/attributes' }), ...modelProblems(policy, 'embedding', embedder.contract.model, '')]);
}

/** Tells the provider to stop what the job started there, and keeps that the source was not read to its end. */
export async function cancelDiscovery({ discoveries, discovery }: DiscoveryDependencies, { tenant, jobId }: JobScope): Promise<void> {
  const position = await discoveries.load(tenant, jobId, 0);
  if (position?.state !== 'running') return;
  await discovery.cancel(position.source.definition, position.cursor);
  await discoveries.fail(tenant, jobId, { code: 'CANCELLED', message: 'The job was cancelled before its source was read to the end.', remedy: errorTable.CANCELLED.remedy });
}

/** Keeps why the source cannot be read further. */
export async function failDiscovery({ discoveries }: Pick<DiscoveryDependencies, 'discoveries'>, { tenant, jobId }: JobScope, failure: Failure): Promise<void> {
  await discoveries.fail(tenant, jobId, failure);
}

async function storePage(artifacts: DiscoveryDependencies['artifacts'], tenant: string, bytes: Uint8Array, mediaType: string): Promise<ArtifactReference> {
  const [reference] = await artifacts.putAll(tenant, 'raw', [{ bytes, mediaType }]);
  if (reference === undefined) throw new CatalystError('INTERNAL', 'The artifact store returned no reference.');
  return reference;
}

async function loadPage(artifacts: DiscoveryDependencies['artifacts'], tenant: string, reference: ArtifactReference): Promise<Uint8Array> {
  const [bytes] = await artifacts.getAll(tenant, [reference]);
  if (bytes === undefined) throw new CatalystError('INTERNAL', 'The artifact store returned no bytes.');
  return bytes;
}
