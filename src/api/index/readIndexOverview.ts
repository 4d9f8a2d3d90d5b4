import type { IndexOverview, IndexStatistics } from '../../contracts/generations.ts';
import { toIndexStatistics } from '../../generations/indexStatistics.ts';
import type { GenerationIndex } from '../../ports/generationIndex.ts';
import type { GenerationRegistry } from '../../ports/generationRegistry.ts';

interface OverviewSources {
  readonly generations: Pick<GenerationRegistry, 'list' | 'listDecisions' | 'countRemoved'>;
  readonly generationIndex: Pick<GenerationIndex, 'alias' | 'serving' | 'statistics'>;
}

const lastDecisions = 20;

/** The index as it is: what serves by the alias, and what the registry knows of it. */
export async function readIndexOverview({ generations, generationIndex }: OverviewSources): Promise<IndexOverview> {
  const [serving, known, decisions] = await Promise.all([generationIndex.serving(), generations.list(), generations.listDecisions(lastDecisions)]);
  return { alias: generationIndex.alias, serving: serving ?? null, statistics: serving === undefined ? null : await statisticsOf(serving), generations: known, decisions };

  async function statisticsOf(id: string): Promise<IndexStatistics | null> {
    const found = await generationIndex.statistics(id);
    // A generation without a record was made by a start: all that was ever removed counts.
    return found === undefined ? null : toIndexStatistics(found, await generations.countRemoved(new Date(known.find((generation) => generation.id === id)?.createdAt ?? 0)));
  }
}
