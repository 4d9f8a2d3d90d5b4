import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { Fault } from '../../contracts/consistency.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { ConsistencyScope, VersionManifest } from '../../contracts/ingestion.ts';
import type { VersionArtifactKind } from '../../contracts/library.ts';
import type { NeedingVersion } from '../../ports/consistencyRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { decodeJson, encodeJson, jsonMediaType, vectorsMediaType } from '../stages/encoding.ts';
import { readManifest } from './expectedPoints.ts';
import { stateOfReferences } from './readReferences.ts';
import type { ReferenceState } from './readReferences.ts';
import { remadeKinds, remakeVersion } from './remakeVersion.ts';
import type { RemadeKind } from './remakeVersion.ts';

/** An artifact that cannot be read; `wholly`: all of its object is gone. */
export interface Damage {
  readonly reference: ArtifactReference;
  readonly state: Exclude<ReferenceState, 'fine'>;
  readonly wholly: boolean;
  /** Of its object, as it was last found right: what was erased at its end counts too. */
  readonly objectBytes: number | null;
}

type Outcome = Pick<Fault, 'outcome'> & { readonly done: string };

/** Bytes that are to go back to where they were. */
interface Back {
  readonly reference: ArtifactReference;
  readonly bytes: Uint8Array;
  readonly documentId: string;
}

/** Kept in memory before they are written, so that an object of many artifacts is written once. */
const mostKept = 32 * 1024 * 1024;

/**
 * Mends artifacts of versions: by the stages that made them, or, a manifest, from the copy that an audit kept. What comes out as it was goes
 * to where it was. Vectors may come out otherwise, since models do: they are stored beside, and the version named after them.
 */
export async function mendArtifacts(dependencies: ActivityDependencies, { tenant, auditId }: ConsistencyScope, dryRun: boolean, damages: readonly Damage[], context: ActivityContext): Promise<void> {
  const { consistency } = dependencies;
  const needing = await consistency.readNeeding(tenant, damages.map(({ reference }) => reference));
  const versions = [...Map.groupBy(needing, ({ versionId }) => versionId).values()];
  const faults = (outcomes: ReadonlyMap<string, Outcome>) => toFaults(damages, needing, outcomes, dryRun);
  await consistency.noteFaults(tenant, auditId, faults(new Map()));
  if (dryRun) return;
  const outcomes = new Map<string, Outcome>();
  let backs: Back[] = [];
  for (const own of versions) {
    // One that a version before shared with this one goes back to its place already.
    const left = own.filter(({ reference }) => outcomes.get(placeOf(reference))?.outcome !== 'mended');
    for (const [place, outcome] of left.length === 0 ? [] : await mendVersion(dependencies, tenant, left, backs, context)) outcomes.set(place, outcome);
    context.progress('mended');
    if (backs.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) < mostKept) continue;
    await putBack(dependencies, tenant, damages, backs);
    backs = [];
  }
  await putBack(dependencies, tenant, damages, backs);
  await consistency.noteFaults(tenant, auditId, faults(outcomes));
}

const placeOf = ({ uri, offset }: ArtifactReference): string => `${uri} from byte ${offset}`;

/** While no deletion of these documents can begin, and without what one has taken meanwhile: what is erased does not come back. */
async function putBack({ artifacts, consistency }: Pick<ActivityDependencies, 'artifacts' | 'consistency'>, tenant: string, damages: readonly Damage[], backs: readonly Back[]): Promise<void> {
  if (backs.length === 0) return;
  const lengths = new Map(damages.flatMap(({ reference, objectBytes }) => (objectBytes === null ? [] : [[reference.uri, objectBytes]])));
  await consistency.whileSettled(tenant, [...new Set(backs.map(({ documentId }) => documentId))], async () => {
    const needed = new Set((await consistency.readNeeding(tenant, backs.map(({ reference }) => reference))).map(({ reference }) => placeOf(reference)));
    await artifacts.mend(tenant, backs.filter(({ reference }) => needed.has(placeOf(reference))).map((back) => ({ ...back, objectBytes: lengths.get(back.reference.uri) })));
    return { result: undefined, changed: false };
  });
}

async function mendVersion(dependencies: ActivityDependencies, tenant: string, damaged: readonly NeedingVersion[], backs: Back[], context: ActivityContext): Promise<Map<string, Outcome>> {
  const [version] = damaged as [NeedingVersion];
  const outcomes = new Map<string, Outcome>();
  const manifest = await loadManifest(dependencies, tenant, version);
  const references = version.artifacts as Readonly<Record<VersionArtifactKind, ArtifactReference>>;
  const lost = (done: string): Outcome => ({ outcome: 'lost', done });
  if (manifest === undefined) {
    for (const { reference } of damaged) outcomes.set(placeOf(reference), lost('The manifest of the version is lost too, and no audit has kept a copy: ingest the document again.'));
    return outcomes;
  }
  const kinds = remadeKinds.filter((kind) => damaged.some((one) => one.kind === kind));
  // What they are made of may be lost as well; it is reported where it lies.
  const remade = kinds.length === 0 ? new Map<RemadeKind, Uint8Array>() : await tryRemake(dependencies, tenant, manifest.decoded, references, kinds, context);
  for (const { kind, reference } of damaged) {
    if (kind === 'manifest') outcomes.set(placeOf(reference), fitting(version, reference, manifest.bytes, backs, 'It was written from the copy that an audit kept.') ?? lost('The copy that an audit kept is of another manifest.'));
    else if (kind === 'raw') outcomes.set(placeOf(reference), lost('Nothing else holds the bytes that were sent: restore the object from a backup, or ingest the document again.'));
    else {
      const bytes = remade.get(kind);
      outcomes.set(placeOf(reference), bytes === undefined ? lost(`The stage that makes ${kind} could not make them again: ingest the document again.`) : await putRemade(dependencies, tenant, version, { kind, reference, bytes, manifest: manifest.decoded }, backs));
    }
  }
  return outcomes;
}

async function loadManifest(dependencies: ActivityDependencies, tenant: string, version: NeedingVersion): Promise<{ readonly bytes: Uint8Array; readonly decoded: VersionManifest } | undefined> {
  const { manifest } = version.artifacts;
  try {
    if (manifest === undefined) return undefined;
    const bytes = await readManifest(dependencies, tenant, version, manifest);
    return { bytes, decoded: decodeJson<VersionManifest>(bytes) };
  } catch (thrown) {
    if (isLoss(thrown)) return undefined;
    throw thrown;
  }
}

/** With the stages before, where what they made cannot be read either. */
async function tryRemake(dependencies: ActivityDependencies, tenant: string, manifest: VersionManifest, references: Readonly<Record<VersionArtifactKind, ArtifactReference>>, kinds: readonly RemadeKind[], context: ActivityContext): Promise<Map<RemadeKind, Uint8Array>> {
  const last = remadeKinds.findLastIndex((kind) => kinds.includes(kind));
  const states = await stateOfReferences(dependencies.artifacts, tenant, remadeKinds.map((kind) => references[kind]));
  const wanted = remadeKinds.filter((kind, position) => kinds.includes(kind) || (position < last && states[position] !== 'fine'));
  try {
    return await remakeVersion(dependencies, tenant, manifest, references, wanted, context);
  } catch (thrown) {
    if (isLoss(thrown)) return new Map();
    throw thrown;
  }
}

/** Undefined where it is not what was lost. */
function fitting({ documentId }: NeedingVersion, reference: ArtifactReference, bytes: Uint8Array, backs: Back[], done: string): Outcome | undefined {
  if (digestOf(bytes) !== reference.digest) return undefined;
  backs.push({ reference, bytes, documentId });
  return { outcome: 'mended', done };
}

interface Remade {
  readonly kind: RemadeKind;
  readonly reference: ArtifactReference;
  readonly bytes: Uint8Array;
  readonly manifest: VersionManifest;
}

const stageNames = { text: 'parse', chunks: 'chunk', vectors: 'embed' } as const;

async function putRemade(dependencies: ActivityDependencies, tenant: string, version: NeedingVersion, { kind, reference, bytes, manifest }: Remade, backs: Back[]): Promise<Outcome> {
  const back = fitting(version, reference, bytes, backs, `The stage ${stageNames[kind]} made it again, byte for byte.`);
  if (back !== undefined) return back;
  if (kind !== 'vectors') return { outcome: 'lost', done: `The stage ${stageNames[kind]} of this release makes another one, to which the rest of the version does not fit: ingest the document again.` };
  const [vectors] = await dependencies.artifacts.putAll(tenant, 'vectors', [{ bytes, mediaType: vectorsMediaType }]);
  if (vectors === undefined) return { outcome: 'lost', done: 'The artifact store returned no reference.' };
  const entry = { bytes: encodeJson({ ...manifest, vectors } satisfies VersionManifest), mediaType: jsonMediaType };
  const [named] = await dependencies.artifacts.putAll(tenant, 'manifest', [entry]);
  await dependencies.consistency.replaceArtifact(tenant, version, 'vectors', vectors);
  if (named !== undefined) await dependencies.consistency.replaceArtifact(tenant, version, 'manifest', named);
  await dependencies.consistency.keepManifests(tenant, [{ ...version, bytes: entry.bytes }]);
  return { outcome: 'remade', done: 'The model was asked again, and its vectors differ from those that were lost: points that do not have them are rewritten by a deep audit.' };
}

/** An object that is gone is one fault, however many artifacts lay in it; what no version needs any more is none. */
function toFaults(damages: readonly Damage[], needing: readonly NeedingVersion[], outcomes: ReadonlyMap<string, Outcome>, dryRun: boolean): Fault[] {
  const needed = Map.groupBy(needing, ({ reference }) => placeOf(reference));
  const ofObjects = Map.groupBy(damages.filter(({ reference }) => needed.has(placeOf(reference))), ({ reference, wholly }) => (wholly ? reference.uri : placeOf(reference)));
  return [...ofObjects].map(([place, own]) => {
    const [{ reference, state, wholly }] = own as [Damage];
    const [version] = needed.get(placeOf(reference)) as [NeedingVersion];
    const results = own.flatMap((damage) => outcomes.get(placeOf(damage.reference)) ?? []);
    const worst = (['lost', 'remade', 'mended'] as const).find((outcome) => results.some((result) => result.outcome === outcome)) ?? (dryRun ? 'reported' : 'pending');
    const what = wholly ? `The object is gone, with ${own.length} ${own.length === 1 ? 'artifact' : 'artifacts'}.` : state === 'missing' ? `The bytes of the ${version.kind} are gone.` : `The bytes of the ${version.kind} do not have their digest.`;
    const done = results.find(({ outcome }) => outcome === worst)?.done;
    return { kind: state === 'missing' ? 'missing-artifact' : 'corrupted-artifact', place, documentId: version.documentId, versionId: version.versionId, detail: done === undefined ? what : `${what} ${done}`, outcome: worst };
  });
}
