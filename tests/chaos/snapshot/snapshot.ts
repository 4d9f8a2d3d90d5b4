import type { ChaosStack } from '../run/chaosStack.ts';
import { inspectArtifacts } from './artifacts.ts';
import { inspectPoints } from './points.ts';
import { inspectRegistry } from './registry.ts';
import { createRegistryReader } from './registryReader.ts';
import { inspectWorkflows } from './workflows.ts';

export interface Leftovers {
  /** Objects by kind. */
  readonly objects: Readonly<Record<string, number>>;
  readonly keptParts: number;
}

/** What a part of the stack holds after a run. */
export interface Findings {
  /** What must be the same in every run over the same documents, by name; values are short enough to be shown. */
  readonly facts: ReadonlyMap<string, string>;
  /** What must never be, whatever another run holds. */
  readonly violations: readonly string[];
}

export interface Snapshot extends Findings {
  readonly documents: number;
  readonly chunks: number;
  /** Jobs, those included whose acceptance the caller never heard of. */
  readonly jobs: number;
  /** Every embedded text by its key: tokens, and how many chunks have it. */
  readonly texts: ReadonlyMap<string, { readonly tokens: number; readonly chunks: number }>;
  /** What is named by nothing any more: costs room, shows nowhere. */
  readonly leftovers: Leftovers;
}

/** Reads all stores past the product. Call when nothing is in work any more and all servers answer. */
export async function takeSnapshot(chaos: ChaosStack): Promise<Snapshot> {
  const reader = createRegistryReader(chaos.direct['DATABASE_URL'] ?? '', chaos.tenant);
  try {
    const registry = await inspectRegistry(reader);
    const points = await inspectPoints(chaos.direct['QDRANT_URL'] ?? '', chaos.tenant, registry.visibleVersions);
    const artifacts = await inspectArtifacts(chaos.direct, reader);
    const workflows = await inspectWorkflows(chaos.direct);
    const parts = [registry, points, artifacts, workflows];
    return {
      facts: new Map(parts.flatMap(({ facts }) => [...facts])),
      violations: [...parts.flatMap(({ violations }) => violations), ...chaos.ownEnds],
      documents: registry.documents,
      chunks: points.chunks,
      jobs: registry.jobs,
      texts: points.texts,
      leftovers: artifacts.leftovers,
    };
  } finally {
    await reader.close();
  }
}
