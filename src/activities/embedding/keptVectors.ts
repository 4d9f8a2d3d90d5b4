import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { decodeVectors, encodeVectors, vectorsMediaType } from '../stages/encoding.ts';
import type { TextGroup } from './textGroups.ts';
import type { TextVectors } from './textVectors.ts';

export type KeepingDependencies = Pick<ActivityDependencies, 'artifacts' | 'stageOutputs' | 'embedder'>;

export interface EmbeddedGroup {
  readonly group: TextGroup;
  readonly vectors: TextVectors[];
}

/** The groups that an earlier try embedded and kept. */
export async function findKept({ artifacts, stageOutputs, embedder }: KeepingDependencies, tenant: string, groups: readonly TextGroup[]): Promise<EmbeddedGroup[]> {
  const references = await stageOutputs.find(tenant, groups.map(({ key }) => key));
  const kept = groups.filter(({ key }) => references.has(key));
  if (kept.length === 0) return [];
  try {
    const all = await artifacts.getAll(tenant, kept.map(({ key }) => references.get(key)).filter((reference) => reference !== undefined));
    return kept.map((group, position) => ({ group, vectors: decodeVectors(all[position] as Uint8Array, embedder.contract.dimension, group.texts.length) }));
  } catch (thrown) {
    // Another document of the same texts was through first, and dropped them.
    if (toCatalystError(thrown).code === 'ARTIFACT_NOT_FOUND') return [];
    throw thrown;
  }
}

/** Stores groups as one object, until the whole is stored. */
export async function keep({ artifacts, stageOutputs, embedder }: KeepingDependencies, tenant: string, groups: readonly EmbeddedGroup[]): Promise<void> {
  const entries = groups.map(({ vectors }) => ({ bytes: encodeVectors(vectors, embedder.contract.dimension), mediaType: vectorsMediaType }));
  const references = await artifacts.putAll(tenant, 'part', entries);
  if (references.length !== groups.length) throw new CatalystError('INTERNAL', 'The artifact store returned too few references.');
  await stageOutputs.record(tenant, groups.map(({ group }, position) => ({ key: group.key, reference: references[position]! })));
}

/**
 * Removes what was kept of these groups, once the whole is stored; another document of the same texts that still wants one
 * embeds it again. The records go last, so that a removal that was cut off can be completed.
 */
export async function dropKept({ artifacts, stageOutputs }: KeepingDependencies, tenant: string, keys: readonly Digest[]): Promise<void> {
  const references = await stageOutputs.find(tenant, keys);
  if (references.size === 0) return;
  await artifacts.deleteObjects(tenant, [...references.values()].map(({ uri }) => uri));
  await stageOutputs.forget(tenant, [...references.keys()]);
}
