import type { CatalystClient } from '../../src/sdk/client.ts';
import { ProgressDisplay } from '../../src/cli/output/progressDisplay.ts';
import { describeMachine } from '../bench/machine/describeMachine.ts';
import type { BeirCollection, Split } from './beirCollection.ts';
import { createSearchWith } from './configurations/searchWith.ts';
import type { SearchConfiguration } from './configurations/configuration.ts';
import { describeCommit } from './describeCommit.ts';
import { ingestCollection } from './ingestCollection.ts';
import type { IngestedCollection } from './ingestCollection.ts';
import type { EvaluationReport } from './output/evaluationReport.ts';
import { searchQueries } from './searchQueries.ts';
import type { ConfigurationResult } from './searchQueries.ts';
import type { Target } from './target.ts';

export interface Measurement {
  readonly collection: BeirCollection;
  readonly split: Split;
  readonly configurations: readonly SearchConfiguration[];
  readonly concurrency: number;
  readonly log: (line: string) => void;
}

/** Ingests a collection and searches it in every configuration, one after the other. */
export async function measure({ client, tenant }: Pick<Target, 'client' | 'tenant'>, { collection, split, configurations, concurrency, log }: Measurement): Promise<EvaluationReport> {
  log(`ingesting ${collection.name} into tenant ${tenant}`);
  const { date, machine } = describeMachine();
  const ingested = await ingest(client, collection);
  const searchWith = createSearchWith(client);
  const results: ConfigurationResult[] = [];
  for (const configuration of configurations) {
    log(`searching: ${collection.queries.length} queries, ${configuration.name}`);
    results.push(await searchQueries(searchWith, { configuration, queries: collection.queries, idOf: ingested.idOf, concurrency }));
  }
  const { documents, chunks, unchanged, seconds, failed } = ingested;
  return {
    collection: collection.name, split, tenant, date, machine, commit: describeCommit(), documents, queries: collection.queries.length,
    queriesWithoutRelevant: collection.queries.filter(({ judgements }) => ![...judgements.values()].some((grade) => grade > 0)).length,
    results,
    ingest: { documents, chunks, unchanged, seconds, documentsPerSecond: seconds > 0 ? documents / seconds : 0, failed },
  };
}

async function ingest(client: CatalystClient, collection: BeirCollection): Promise<IngestedCollection> {
  const display = new ProgressDisplay({ stderr: process.stderr, environment: process.env });
  try {
    return await ingestCollection(client, collection.documents(), (progress) => display.update(progress));
  } finally {
    display.stop();
  }
}
