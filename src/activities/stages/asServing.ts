import type { ChunkingSettings } from '../../contracts/chunks.ts';
import { hasSettings } from '../../contracts/recut.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { servingRecut } from '../servingRecut.ts';

/** The same dependencies, with model and chunking by which the index of the tenant is made at this moment. Throws EMBEDDING_CONTRACT_MISMATCH. */
export async function asServing<Dependencies extends ActivityDependencies>(dependencies: Dependencies, { tenant }: { readonly tenant: string }): Promise<Dependencies> {
  const embedder = await dependencies.models.serving(tenant);
  const { settings } = dependencies;
  const chunking = await servingChunking(dependencies, tenant);
  return { ...dependencies, embedder, settings: { ...settings, chunking, nextChunking: chunking === settings.nextChunking ? settings.chunking : settings.nextChunking } };
}

/** Where the index was cut in neither of the ways that this process knows, the first one counts. */
async function servingChunking(dependencies: ActivityDependencies, tenant: string): Promise<ChunkingSettings> {
  const { chunking, nextChunking } = dependencies.settings;
  if (nextChunking === undefined) return chunking;
  const recut = await servingRecut(dependencies, tenant);
  return recut !== null && hasSettings(recut.chunker, nextChunking) ? nextChunking : chunking;
}
