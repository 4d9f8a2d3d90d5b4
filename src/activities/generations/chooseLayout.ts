import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { Generation } from '../../contracts/generations.ts';
import { chooseIndexSettings, findMisfits } from '../../generations/chooseIndexSettings.ts';
import type { GenerationDependencies } from './dependencies.ts';

interface Layout {
  /** The settings with the reasons for them, for the record of the generation. */
  readonly record: Record<string, unknown>;
  /** What of the one that serves is not as it is to be. */
  readonly misfits: readonly string[];
}

interface Present {
  /** Undefined: the tenant has none of its own yet. */
  readonly serving: Generation | undefined;
  readonly points: number;
  /** Of the one that is to be made. */
  readonly contract: EmbeddingContract;
}

/** How a generation is to be laid out, by how many points it will have: those that serve, and by the registry those of tenants that come to it. */
export async function chooseLayout({ generations, generationIndex, lifecycle }: GenerationDependencies, { tenant, takeBack }: { readonly tenant: string | null; readonly takeBack: readonly string[] }, { serving, points: held, contract }: Present): Promise<Layout> {
  const present = serving === undefined ? undefined : await generationIndex.settingsOf(serving.id);
  let points = held;
  for (const name of serving === undefined && tenant !== null ? [tenant] : takeBack) points += (await generations.sumDocuments(name, null)).points;
  const { settings, because } = chooseIndexSettings({ points, dimension: contract.dimension, isOwn: tenant !== null }, lifecycle.layout.thresholds, lifecycle.layout.cluster, present);
  return { record: { ...generationIndex.describe(settings), because }, misfits: present === undefined ? [] : findMisfits(present, settings) };
}
