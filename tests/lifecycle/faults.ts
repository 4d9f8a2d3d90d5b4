import { setTimeout as sleep } from 'node:timers/promises';
import type { ArtifactReference } from '../../src/contracts/artifacts.ts';
import { faultKinds } from '../../src/contracts/consistency.ts';
import type { ConsistencyReport, Fault } from '../../src/contracts/consistency.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { seededRandom } from '../chaos/schedule/random.ts';
import { injectFaults } from './faults/injectFaults.ts';
import type { InjectedFault } from './faults/injectFaults.ts';
import { openRawStores, pointDigest } from './faults/rawStores.ts';
import type { RawStores, StoredPoint } from './faults/rawStores.ts';

export interface FaultTarget {
  /** Of the stack: where its servers are. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tenants: readonly [string, string];
  clientFor(tenant: string): Promise<CatalystClient>;
  /** Documents of these ids may be changed by others meanwhile: their points and artifacts are neither damaged nor compared. */
  readonly isBystander?: (location: string) => boolean;
}

export interface FaultOptions {
  readonly faults: number;
  readonly seed?: number;
  /** What the audits of the stack let pass as young (CATALYST_CONSISTENCY_GRACE_SECONDS). */
  readonly graceSeconds: number;
  /** Runs between injection and audit, for example to kill a worker; audits have begun when it is called. */
  readonly whileAuditing?: () => Promise<void>;
}

export interface FaultResult {
  readonly injected: number;
  readonly found: number;
  readonly mended: number;
  readonly invented: number;
  readonly byKind: Readonly<Record<string, { readonly injected: number; readonly found: number; readonly mended: number }>>;
  /** What was not found, not mended, or invented, in words. */
  readonly complaints: readonly string[];
  /** Reports of quick and deep audits of a state without faults. */
  readonly clean: readonly ConsistencyReport[];
  readonly injectionSeconds: number;
  readonly auditSeconds: number;
}

/**
 * Damages index and artifacts past the product at many places, has both tenants audited, and compares: what was reported with what was
 * damaged, and all points and objects afterwards with those before, byte by byte. The tenants hold documents, and nothing else is deleted meanwhile.
 */
export async function injectAndMend(target: FaultTarget, options: FaultOptions): Promise<FaultResult> {
  const stores = openRawStores(target.environment);
  try {
    return await run(stores, target, options);
  } finally {
    stores.close();
  }
}

async function run(stores: RawStores, target: FaultTarget, { faults: wanted, seed = 7, graceSeconds, whileAuditing }: FaultOptions): Promise<FaultResult> {
  const clients = await Promise.all(target.tenants.map((tenant) => target.clientFor(tenant)));
  // Left-overs of failed runs are kept for a week, unless the tenant says otherwise: then they are no faults yet.
  for (const client of clients) await client.retention.set({ failedArtifactDays: 0 });
  // The first finds what is there, and what it takes to mend it; the others cost what clean ones cost.
  const first = await auditAll(clients, true);
  const clean = [...(await auditAll(clients, false)), ...(await auditAll(clients, true))];
  const surveyed = await survey(stores, target, clients);
  const injectedAt = performance.now();
  const injected = await injectFaults(stores, surveyed, wanted, seededRandom(seed));
  const injectionSeconds = (performance.now() - injectedAt) / 1000;
  await sleep((graceSeconds + 1) * 1000);
  const begun = performance.now();
  const [audited] = await Promise.all([auditAll(clients, true), whileAuditing?.()]);
  const auditSeconds = (performance.now() - begun) / 1000;
  const again = await auditAll(clients, true);
  const after = await snapshot(stores);
  const verdict = judge(injected, audited.flatMap(({ faults }) => faults), changedPlaces(surveyed, after));
  const falseAlarms = [...first, ...clean, ...again].flatMap(({ faults }) => faults);
  return {
    ...verdict,
    invented: verdict.invented + falseAlarms.length,
    complaints: [...verdict.complaints, ...falseAlarms.map((fault) => `invented in an audit without faults: ${describe(fault)}`)].slice(0, 50),
    clean: clean.map(({ report }) => report),
    injectionSeconds,
    auditSeconds,
  };
}

interface Audited {
  readonly report: ConsistencyReport;
  readonly faults: readonly Fault[];
}

/** One after the other: so much may stand in a tenant's way as in another's. */
async function auditAll(clients: readonly CatalystClient[], deep: boolean): Promise<Audited[]> {
  const audited: Audited[] = [];
  for (const client of clients) {
    const { id } = await client.consistency.audit({ dryRun: false, deep });
    const { report } = await client.consistency.waitFor(id);
    if (report === null) throw new Error(`The audit ${id} has no report.`);
    const faults: Fault[] = [];
    for await (const fault of client.consistency.listFaults(id, { pageSize: 1_000 })) faults.push(fault);
    audited.push({ report, faults });
  }
  return audited;
}

interface Survey {
  readonly tenants: readonly [string, string];
  readonly points: readonly StoredPoint[];
  readonly artifacts: readonly ArtifactReference[];
  readonly deleted: Readonly<Record<string, readonly string[]>>;
  readonly state: State;
}

interface State {
  readonly points: ReadonlyMap<string, string>;
  readonly objects: ReadonlyMap<string, string>;
}

async function survey(stores: RawStores, { tenants, isBystander = () => false }: FaultTarget, clients: readonly CatalystClient[]): Promise<Survey> {
  const artifacts = new Map<string, ArtifactReference>();
  const bystanders = new Set<string>();
  const ofBystanders = new Set<string>();
  const deleted: Record<string, string[]> = {};
  for (const [position, client] of clients.entries()) {
    const gone = (deleted[tenants[position] ?? ''] = [] as string[]);
    for await (const { id } of client.documents.list({ deleted: true, pageSize: 1_000 })) gone.push(id);
    for await (const { id, source } of client.documents.list({ pageSize: 1_000 })) {
      const bystands = isBystander(source?.location ?? '');
      if (bystands) bystanders.add(id);
      const { versions } = await client.documents.history(id);
      for (const { kind, ...reference } of versions.flatMap((version) => version.artifacts)) {
        if (bystands) ofBystanders.add(reference.uri);
        else if (kind !== 'raw') artifacts.set(`${reference.uri} ${reference.offset}`, reference);
      }
    }
  }
  const { points, ...state } = await readAll(stores);
  const named = new Set([...artifacts.values()].map(({ uri }) => uri));
  return {
    tenants,
    points: points.filter(({ payload }) => !bystanders.has(payload.document)),
    artifacts: [...artifacts.values()].filter(({ uri }) => !ofBystanders.has(uri)),
    deleted,
    state: {
      points: new Map(points.filter(({ payload }) => !bystanders.has(payload.document)).map((point) => [point.id, pointDigest(point)])),
      objects: new Map([...state.objects].filter(([uri]) => named.has(uri) && !ofBystanders.has(uri))),
    },
  };
}

async function readAll(stores: RawStores): Promise<{ readonly points: StoredPoint[]; readonly objects: Map<string, string> }> {
  return { points: await stores.points(), objects: await stores.objects() };
}

async function snapshot(stores: RawStores): Promise<State> {
  const { points, objects } = await readAll(stores);
  return { points: new Map(points.map((point) => [point.id, pointDigest(point)])), objects };
}

/** Points and objects that are not as they were; what has come since is told by where it was injected. */
function changedPlaces({ state: before }: Survey, after: State): (place: string) => boolean {
  const changed = (name: 'points' | 'objects', place: string) => before[name].get(place) !== after[name].get(place);
  return (place) => (place.startsWith('s3://') ? changed('objects', place.split(' ')[0] ?? '') : changed('points', place));
}

function judge(injected: readonly InjectedFault[], reported: readonly Fault[], isChanged: (place: string) => boolean): Pick<FaultResult, 'injected' | 'found' | 'mended' | 'invented' | 'byKind' | 'complaints'> {
  const places = new Map(injected.map((fault) => [fault.place, fault]));
  const kindsAt = Map.groupBy(reported, ({ place }) => place);
  const found = injected.filter(({ kind, place }) => kindsAt.get(place)?.some((fault) => fault.kind === kind) === true);
  const mended = injected.filter(({ place }) => !isChanged(place));
  const invented = reported.filter(({ place }) => !places.has(place));
  const [foundOnes, mendedOnes] = [new Set(found), new Set(mended)];
  const count = (of: readonly InjectedFault[], wanted: string) => of.filter(({ kind }) => kind === wanted).length;
  return {
    injected: injected.length,
    found: found.length,
    mended: mended.length,
    invented: invented.length,
    byKind: Object.fromEntries(faultKinds.map((kind) => [kind, { injected: count(injected, kind), found: count(found, kind), mended: count(mended, kind) }])),
    complaints: [
      ...injected.filter((fault) => !foundOnes.has(fault)).map(({ kind, place, how }) => `not found: ${kind} (${how}) at ${place}; reported there: ${(kindsAt.get(place) ?? []).map((fault) => fault.kind).join(', ') || 'nothing'}`),
      ...injected.filter((fault) => !mendedOnes.has(fault)).map(({ kind, place, how }) => `not mended: ${kind} (${how}) at ${place}; ${(kindsAt.get(place) ?? []).map(describe).join('; ')}`),
      ...invented.map((fault) => `invented: ${describe(fault)}`),
    ],
  };
}

function describe({ kind, place, outcome, detail }: Fault): string {
  return `${kind} at ${place} (${outcome}): ${detail}`;
}
