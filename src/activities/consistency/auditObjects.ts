import { compareObjects } from '../../consistency/findArtifactFaults.ts';
import type { ListedObject, NeededObject } from '../../consistency/findArtifactFaults.ts';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { Fault } from '../../contracts/consistency.ts';
import { digestOfJson } from '../../contracts/identifiers.ts';
import type { ConsistencyScope } from '../../contracts/ingestion.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { StoredObject } from '../../ports/artifactStore.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { togetherOrEach } from '../togetherOrEach.ts';
import { requireAudit } from './auditDocuments.ts';
import { addCounts, nothingCounted } from './counts.ts';
import { mendArtifacts } from './mendArtifacts.ts';
import type { Damage } from './mendArtifacts.ts';
import { stateOfReferences } from './readReferences.ts';

const objectsPerPage = 1_000;
const readAtOnce = 4;

/** Where a page ended: for the store, and as an address. */
export interface ObjectCursor {
  readonly key: string;
  readonly uri: string;
}

/**
 * Compares a page of what the store lists with what versions need of it. Bytes are read only of objects that were written, or are needed
 * otherwise, since they were last found right; in a deep audit of all.
 */
export async function auditObjects(dependencies: ActivityDependencies, scope: ConsistencyScope, cursor: ObjectCursor | null, page: number, context: ActivityContext): Promise<{ readonly next: ObjectCursor | null }> {
  const { consistency, artifacts } = dependencies;
  const { tenant, auditId } = scope;
  const { dryRun, deep } = await requireAudit(dependencies, scope);
  const { objects, next } = await artifacts.listObjects(tenant, cursor?.key, objectsPerPage);
  const [after, upTo] = [cursor?.uri ?? null, next === undefined ? null : (objects.at(-1)?.uri ?? null)];
  const needed = (await consistency.readNeeded(tenant, after, upTo)).filter(({ uri }) => artifacts.isOurs(tenant, uri));
  const compared = compareObjects(needed, objects, deep ? () => '' : sealOf);
  const damages: Damage[] = compared.missing.flatMap(({ references, bytes: objectBytes }) => references.map((reference) => ({ reference, state: 'missing', wholly: true, objectBytes })));
  for (const need of compared.short) damages.push(...(await damagesOf(artifacts, tenant, need)));
  const { seals, found, bytes } = await readUnsealed(dependencies, tenant, compared.unsealed, context);
  damages.push(...found);
  if (damages.length > 0) await mendArtifacts(dependencies, scope, dryRun, damages, context);
  await mendUnneeded(dependencies, scope, dryRun, objects, compared.unneeded);
  await consistency.storeSeals(tenant, seals);
  await consistency.dropSeals(tenant, after, upTo, objects.map(({ uri }) => uri));
  await consistency.addToReport(tenant, auditId, { step: 'objects', page }, addCounts(nothingCounted, { objects: objects.length, artifactBytes: bytes }));
  const last = objects.at(-1);
  return { next: next === undefined || last === undefined ? null : { key: next, uri: last.uri } };
}

function sealOf({ references }: NeededObject, { mark, bytes }: ListedObject): string {
  const parts = references.map(({ offset, length, digest }) => `${offset} ${length} ${digest}`).sort();
  // A store without marks tells nothing: its objects are read every time.
  return mark === '' ? '' : digestOfJson([mark, bytes, parts]);
}

async function damagesOf(artifacts: ActivityDependencies['artifacts'], tenant: string, { references, bytes: objectBytes }: NeededObject): Promise<Damage[]> {
  const states = await stateOfReferences(artifacts, tenant, references);
  return references.flatMap((reference, position): Damage[] => {
    const state = states[position] ?? 'fine';
    return state === 'fine' ? [] : [{ reference, state, wholly: false, objectBytes }];
  });
}

interface Unsealed {
  readonly needed: NeededObject;
  readonly listed: ListedObject;
}

/** Manifests that are read are kept beside: nothing else could give one back. */
async function readUnsealed({ artifacts, consistency }: ActivityDependencies, tenant: string, unsealed: readonly Unsealed[], context: ActivityContext): Promise<{ readonly seals: { uri: string; seal: string; bytes: number }[]; readonly found: Damage[]; readonly bytes: number }> {
  const seals: { uri: string; seal: string; bytes: number }[] = [];
  const found: Damage[] = [];
  let bytes = 0;
  const waiting = unsealed.values();
  const readOn = async (): Promise<void> => {
    for (const { needed, listed } of waiting) {
      const damages = await damagesOf(artifacts, tenant, needed);
      bytes += needed.references.reduce((sum, { length }) => sum + length, 0);
      found.push(...damages);
      if (damages.length === 0) seals.push({ uri: needed.uri, seal: sealOf(needed, listed), bytes: listed.bytes });
      context.progress(needed.uri);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, readOn));
  const sealed = new Set(seals.map(({ uri }) => uri));
  const manifests = unsealed.flatMap(({ needed }) => (sealed.has(needed.uri) && needed.uri.includes('/manifest/') ? needed.references : []));
  for (const own of Map.groupBy(await consistency.readNeeding(tenant, manifests), ({ reference }) => reference.uri).values()) {
    // In order; undefined: what was deleted since it was looked at.
    const read = await togetherOrEach<ArtifactReference, Uint8Array | undefined>(own.map(({ reference }) => reference), (references) => artifacts.getAll(tenant, references), { isOfOne: isLoss, failed: () => [undefined] });
    await consistency.keepManifests(tenant, own.flatMap((version, position) => (read[position] === undefined ? [] : [{ ...version, bytes: read[position] }])));
  }
  return { seals, found, bytes };
}

/** What no record names at all. What a record names, though nothing needs it, is the sweep's, by the tenant's policy. */
async function mendUnneeded({ artifacts, consistency, settings }: ActivityDependencies, { tenant, auditId }: ConsistencyScope, dryRun: boolean, objects: readonly StoredObject[], unneeded: readonly ListedObject[]): Promise<void> {
  const names = new Set(unneeded.map(({ uri }) => uri));
  const candidates = objects.filter(({ uri, ours }) => ours && names.has(uri));
  const unused = await consistency.findUnused(tenant, candidates, settings.auditGraceMs);
  const toFault = (uri: string, outcome: Fault['outcome']): Fault => ({ kind: 'orphaned-artifact', place: uri, documentId: null, versionId: null, detail: `No record names the object.${outcome === 'mended' ? ' It was removed.' : ''}`, outcome });
  await consistency.noteFaults(tenant, auditId, unused.map((uri) => toFault(uri, dryRun ? 'reported' : 'pending')));
  if (dryRun || unused.length === 0) return;
  // Asked again: content that is stored anew meanwhile lies under the same address. One that is named later still is made again by its stage.
  const removable = await consistency.findUnused(tenant, candidates.filter(({ uri }) => unused.includes(uri)), settings.auditGraceMs);
  await artifacts.deleteObjects(tenant, removable);
  await consistency.noteFaults(tenant, auditId, removable.map((uri) => toFault(uri, 'mended')));
}
