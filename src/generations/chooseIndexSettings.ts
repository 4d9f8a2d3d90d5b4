import { settingsOfBefore } from '../contracts/indexSettings.ts';
import type { ClusterSettings, IndexSettings, IndexThresholds } from '../contracts/indexSettings.ts';

export interface IndexSize {
  readonly points: number;
  /** Of the dense vectors. */
  readonly dimension: number;
  /** Whether it is one tenant's alone. */
  readonly isOwn: boolean;
}

export interface ChosenSettings {
  readonly settings: IndexSettings;
  /** In sentences for people. */
  readonly because: readonly string[];
}

const graphLinks = 16;
/** Vectors of fewer dimensions lose too much where each keeps one bit. */
const leastBinaryDimension = 1_024;
/** A collection that shrinks keeps what it has until it is so much below the threshold: it is not made anew to and fro. */
const shrinking = 0.8;

/** How a collection of this size is to be laid out. `present`: what it is laid out like now, if it is there. */
export function chooseIndexSettings(size: IndexSize, thresholds: IndexThresholds, cluster: ClusterSettings, present?: IndexSettings): ChosenSettings {
  const { points, dimension, isOwn } = size;
  const reached = (threshold: number, holdsNow: boolean): boolean => points >= threshold * (holdsNow ? shrinking : 1);
  const wantsBinary = reached(thresholds.binaryPoints, present?.quantisation === 'binary');
  const isBinary = wantsBinary && dimension >= leastBinaryDimension;
  const isScalar = !isBinary && reached(thresholds.scalarPoints, present !== undefined && present.quantisation !== 'none');
  const vectorsOnDisk = reached(thresholds.onDiskPoints, present?.vectorsOnDisk === true);
  const settings: IndexSettings = {
    links: isOwn ? graphLinks : 0,
    tenantLinks: isOwn ? 0 : graphLinks,
    exactPoints: thresholds.exactPoints,
    quantisation: isBinary ? 'binary' : isScalar ? 'scalar' : 'none',
    vectorsOnDisk,
    ...cluster,
  };
  const because = [
    isOwn ? 'One graph over all points, which are of one tenant.' : 'One graph a tenant, and none over all: every search is one tenant’s.',
    `Up to ${thresholds.exactPoints} points of ${isOwn ? 'a segment' : 'a tenant'} are searched exactly${points < thresholds.exactPoints ? `: that is all of the ${points} for now` : ''}.`,
    ...quantisationReasons(size, thresholds, settings, wantsBinary),
    vectorsOnDisk ? `Vectors are on disk: ${points} points; the threshold is ${thresholds.onDiskPoints}.` : `Vectors are in memory: ${points} points are fewer than ${thresholds.onDiskPoints}.`,
  ];
  return { settings, because };
}

function quantisationReasons({ points, dimension }: IndexSize, thresholds: IndexThresholds, { quantisation }: IndexSettings, wantsBinary: boolean): string[] {
  if (quantisation === 'binary') return [`Vectors are searched as one bit a dimension, and the best compared anew as they are: ${points} points; the threshold is ${thresholds.binaryPoints}.`];
  if (quantisation === 'none') return [`Vectors are searched as they are: ${points} points are fewer than ${thresholds.scalarPoints}.`];
  const kept = `Vectors are searched as one byte a dimension, and the best compared anew as they are: ${points} points; the threshold is ${thresholds.scalarPoints}.`;
  return wantsBinary ? [kept, `Not as one bit, although there are ${thresholds.binaryPoints} and more: vectors of ${dimension} dimensions are too short for it.`] : [kept];
}

/** What of a collection no longer is as it is to be, in sentences: reasons to make it anew. */
export function findMisfits(present: IndexSettings, chosen: IndexSettings): string[] {
  const changed = <Name extends keyof IndexSettings>(name: Name, tell: (value: IndexSettings[Name]) => string): string[] => (present[name] === chosen[name] ? [] : [`${tell(chosen[name])} instead of ${tell(present[name])} fits it now.`]);
  const wished = <Name extends keyof ClusterSettings>(name: Name, what: string): string[] => (chosen[name] === null ? [] : changed(name, (value) => `${value ?? 'the default of'} ${what}`));
  // What the development server and clusters have by default is not looked up: only what is wished for is compared.
  return [
    ...changed('quantisation', (value) => `Quantisation "${value}"`),
    ...changed('vectorsOnDisk', (value) => (value ? 'Vectors on disk' : 'Vectors in memory')),
    ...changed('links', (value) => (value === 0 ? 'No graph over all points' : 'A graph over all points')),
    ...(present.exactPoints === settingsOfBefore.exactPoints ? [] : changed('exactPoints', (value) => `Exact search up to ${value} points`)),
    ...wished('shards', 'shards'),
    ...wished('replicas', 'replicas'),
    ...wished('writeReplicas', 'replicas before a write is acknowledged'),
  ];
}
