import type { Generation, IndexOverview, IndexStatistics } from '../../contracts/generations.ts';
import { toIndexStatistics } from '../../generations/indexStatistics.ts';
import type { GenerationIndex } from '../../ports/generationIndex.ts';
import type { GenerationRegistry } from '../../ports/generationRegistry.ts';

interface OverviewSources {
  readonly generations: Pick<GenerationRegistry, 'list' | 'listDecisions' | 'countRemoved'>;
  readonly generationIndex: Pick<GenerationIndex, 'alias' | 'dedicatedTenants' | 'aliasOf' | 'serving' | 'statistics'>;
}

const lastDecisions = 20;

/** The index as it is: what serves by the aliases, and what the registry knows of it. */
export async function readIndexOverview(sources: OverviewSources): Promise<IndexOverview> {
  const { generations, generationIndex } = sources;
  const [serving, known, decisions] = await Promise.all([generationIndex.serving(), generations.list(), generations.listDecisions(lastDecisions)]);
  const statistics = serving === undefined ? null : await statisticsOf(sources, known, serving, null);
  const placements: IndexOverview['placements'] = [];
  for (const tenant of generationIndex.dedicatedTenants) {
    const own = await generationIndex.serving(tenant);
    const isOwn = own !== serving;
    placements.push({ tenant, alias: generationIndex.aliasOf(tenant), serving: own ?? null, own: isOwn, statistics: own === undefined || !isOwn ? null : await statisticsOf(sources, known, own, tenant) });
  }
  return { alias: generationIndex.alias, serving: serving ?? null, statistics, placements, generations: known, decisions };
}

async function statisticsOf({ generations, generationIndex }: OverviewSources, known: readonly Generation[], id: string, tenant: string | null): Promise<IndexStatistics | null> {
  const found = await generationIndex.statistics(id);
  // A generation without a record was made by a start: all that was ever removed counts.
  const { createdAt, ...held } = known.find((generation) => generation.id === id) ?? { createdAt: 0, tenant, excluded: [] };
  return found === undefined ? null : toIndexStatistics(found, await generations.countRemoved(new Date(createdAt), held));
}
