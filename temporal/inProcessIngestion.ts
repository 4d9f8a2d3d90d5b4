import { ingestInProcess } from '../src/activities/ingestInProcess.ts';
import type { Config } from '../src/config/config.ts';
import type { JobScope } from '../src/contracts/ingestion.ts';
import { createActivityParts } from './activityDependencies.ts';
import type { ActivityParts } from './activityDependencies.ts';

export interface InProcessIngestion {
  readonly ingest: (scope: JobScope) => Promise<void>;
  close(): Promise<void>;
}

/** Ingestion within the process of the API, for development and tests; its parser and readers are made at the first document. */
export function createInProcessIngestion(config: Config, shared: Parameters<typeof createActivityParts>[1]): InProcessIngestion {
  let parts: Promise<ActivityParts> | undefined;
  return {
    async ingest(scope) {
      parts ??= createActivityParts(config, shared);
      await ingestInProcess((await parts).dependencies, scope);
    },
    async close() {
      await (await parts)?.close();
    },
  };
}
