import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { openBeirCollection } from './beirCollection.ts';
import type { BeirCollection } from './beirCollection.ts';
import { allModes, usualConfigurations } from './configurations/configuration.ts';
import { measure } from './measure.ts';
import type { EvaluationReport } from './output/evaluationReport.ts';
import { reportText } from './output/reportText.ts';
import { belowFloor, readSmokeFloors, smokeFolder } from './smokeFloors.ts';

/** What search reaches on the shipped set, through the public API of a real stack: a drop below the recorded floors fails. */
let stack: FullStack;
let collection: BeirCollection;
let report: EvaluationReport;

async function run(): Promise<EvaluationReport> {
  const client = await stack.clientFor('smoke');
  return measure({ client, tenant: 'smoke' }, { collection, split: 'test', configurations: usualConfigurations(allModes), concurrency: 2, log: () => undefined });
}

beforeAll(async () => {
  collection = await openBeirCollection(smokeFolder, undefined);
  stack = await startFullStack();
  report = await run();
}, 600_000);

afterAll(async () => {
  await (stack as FullStack | undefined)?.stop();
}, 60_000);

describe('the smoke set', () => {
  it('is found as well as recorded, in every mode, and without a reranker', async () => {
    expect(report.ingest).toMatchObject({ documents: 124, failed: [] });
    expect(belowFloor(report.results, await readSmokeFloors()), reportText(report)).toEqual([]);
  });

  it('would show a hybrid search that is one of its legs alone', async () => {
    const [hybrid] = report.results.filter(({ configuration }) => configuration.name === 'hybrid').map(({ configuration }) => configuration);
    for (const leg of ['dense', 'sparse']) {
      const asHybrid = report.results.filter(({ configuration }) => configuration.name === leg).map((result) => ({ ...result, configuration: hybrid ?? result.configuration }));
      expect(belowFloor(asHybrid, await readSmokeFloors()), leg).not.toEqual([]);
    }
  });

  it('is measured again in the same tenant without ingesting anything anew, and to the same figures', async () => {
    const again = await run();
    expect(again.results.map(({ metrics }) => metrics)).toEqual(report.results.map(({ metrics }) => metrics));
    expect(again.ingest).toMatchObject({ unchanged: 124, failed: [] });
  }, 120_000);
});
