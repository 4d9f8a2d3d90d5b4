import { createHash, randomUUID } from 'node:crypto';
import type { FaultKind } from '../../../src/contracts/consistency.ts';
import { faultKinds } from '../../../src/contracts/consistency.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import type { Random } from '../../chaos/schedule/random.ts';
import type { RawStores, StoredPoint } from './rawStores.ts';

export interface InjectedFault {
  readonly kind: FaultKind;
  /** As the audit names it. */
  readonly place: string;
  /** What was done, for whom a fault is not found. */
  readonly how: string;
}

/** What there is to be damaged. */
export interface Targets {
  readonly tenants: readonly [string, string];
  readonly points: readonly StoredPoint[];
  /** Artifacts of visible versions but their raw bytes, which nothing could give back; each place once. */
  readonly artifacts: readonly ArtifactReference[];
  /** Documents by tenant that were deleted. */
  readonly deleted: Readonly<Record<string, readonly string[]>>;
}

/** Does as many faults of each kind, each at a place of its own, and tells them. */
export async function injectFaults(stores: RawStores, targets: Targets, count: number, random: Random): Promise<InjectedFault[]> {
  const points = random.shuffle([...targets.points]).values();
  const objects = random.shuffle([...Map.groupBy(targets.artifacts, ({ uri }) => uri).values()]).values();
  const take = <Item>(items: Iterator<Item, undefined>, what: string): Item => {
    const taken = items.next();
    if (taken.done === true) throw new Error(`There are too few ${what} for ${count} faults.`);
    return taken.value;
  };
  const operations: unknown[] = [];
  const faults: InjectedFault[] = [];
  let ranges: ArtifactReference[] = [];
  for (let number = 0; number < count; number += 1) {
    const kind: FaultKind = faultKinds[number % faultKinds.length] ?? 'missing-point';
    const variant = Math.floor(number / faultKinds.length);
    if (kind === 'missing-artifact') {
      const [{ uri }] = take(objects, 'objects') as [ArtifactReference];
      await stores.deleteObject(uri);
      faults.push({ kind, place: uri, how: 'deleted' });
    } else if (kind === 'corrupted-artifact') {
      if (ranges.length === 0) ranges = [...take(objects, 'objects')];
      const reference = ranges.pop() as ArtifactReference;
      await corrupt(stores, reference);
      faults.push({ kind, place: `${reference.uri} from byte ${reference.offset}`, how: 'a byte changed' });
    } else if (kind === 'orphaned-artifact') {
      const bytes = Buffer.from(`nobody needs this: ${randomUUID()}`);
      const hex = createHash('sha256').update(bytes).digest('hex');
      const uri = stores.uriOf(`tenants/${targets.tenants[variant % 2]}/text/${hex.slice(0, 2)}/${hex}`);
      await stores.writeObject(uri, bytes);
      faults.push({ kind, place: uri, how: 'stored' });
    } else {
      const { operation, place, how } = pointFault(kind, variant, take(points, 'points'), targets);
      operations.push(operation);
      faults.push({ kind, place, how });
    }
  }
  await stores.changePoints(operations);
  return faults;
}

async function corrupt(stores: RawStores, { uri, offset, length }: ArtifactReference): Promise<void> {
  const bytes = await stores.readObject(uri);
  const at = offset + Math.floor(length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  await stores.writeObject(uri, bytes);
}

type PointKind = Extract<FaultKind, `${string}-point`>;

interface PointChange {
  readonly operation: unknown;
  readonly place: string;
  readonly how: string;
}

/** Kinds have variants, taken in turn. */
function pointFault(kind: PointKind, variant: number, point: StoredPoint, { tenants, deleted }: Targets): PointChange {
  const { tenant } = point.payload;
  const other = tenants.find((each) => each !== tenant) ?? '';
  const set = (payload: object, how: string): PointChange => ({ operation: { set_payload: { payload, points: [point.id] } }, place: point.id, how });
  const copy = (payload: object, how: string): PointChange => {
    const id = randomUUID();
    return { operation: { upsert: { points: [{ id, vector: point.vector, payload: { ...point.payload, ...payload } }] } }, place: id, how };
  };
  switch (kind) {
    case 'missing-point':
      return { operation: { delete: { points: [point.id] } }, place: point.id, how: 'deleted' };
    case 'duplicated-point':
      return copy({}, 'copied under another id');
    case 'orphaned-point': {
      const [gone] = deleted[tenant] ?? [];
      return variant % 2 === 0 || gone === undefined
        ? copy({ version: randomUUID(), sequence: Math.max(0, point.payload.sequence - 1), visible: false }, 'a hidden point of a version before')
        : copy({ document: gone, version: randomUUID() }, 'a point of a document that was deleted');
    }
    case 'foreign-point':
      return [set({ tenant: other }, 'its tenant changed'), copy({ tenant: other }, 'a copy in the other tenant'), copy({ document: randomUUID(), version: randomUUID() }, 'a point of a document that never was')][variant % 3] as PointChange;
    case 'stale-point':
      return [
        set({ title: 'Another title' }, 'its title changed'),
        { operation: { update_vectors: { points: [{ id: point.id, vector: { dense: [...point.vector.dense].reverse() } }] } }, place: point.id, how: 'its vector changed' },
        set({ visible: false }, 'hidden'),
        set({ policies: ['nobody'] }, 'labels put on'),
        copy({ version: randomUUID(), sequence: Math.max(0, point.payload.sequence - 1) }, 'an old version in sight'),
        set({ chunk: { ...(point.payload['chunk'] as object), text: 'Another text' } }, 'its text changed'),
      ][variant % 6] as PointChange;
  }
}
