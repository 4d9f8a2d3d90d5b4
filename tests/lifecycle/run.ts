/**
 * `npm run lifecycle`: changes the index as a whole under constant searches and writes, with its worker killed on the way, and looks for
 * everything in the end. Options: --documents N (that never change; 400), --kills N (1), --json FILE.
 * Ends with 1 if a search failed or a write was lost.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CatalystClient } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import { changeIndex } from './indexChange.ts';
import { killWorker } from './killWorker.ts';
import { LiveLoad } from './liveLoad.ts';
import type { LoadReport } from './liveLoad.ts';

const limitMs = 600_000;
const log = (line: string): void => void process.stderr.write(`${line}\n`);

interface LifecycleReport extends Omit<LoadReport, 'examples'> {
  readonly examples: readonly string[];
  /** From the request until the new generation served, in ms. */
  readonly compactionMs: number;
  /** How long writers waited while the alias was led elsewhere. */
  readonly swapMs: number;
  /** From the request until the generation before served again, what had been written since included. */
  readonly rollbackMs: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { documents: { type: 'string', default: '400' }, kills: { type: 'string', default: '1' }, json: { type: 'string' } } });
  const report = await changeUnderLoad(Number(values.documents), Number(values.kills));
  console.log(JSON.stringify(report, undefined, 2));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  return report.failedSearches + report.failedWrites + report.lostWrites === 0 ? 0 : 1;
}

async function changeUnderLoad(documents: number, kills: number): Promise<LifecycleReport> {
  const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub', CATALYST_COMPACTION_LEAST_POINTS: '0', CATALYST_GENERATION_GRACE_MINUTES: '60' });
  try {
    const platform = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
    const load = new LiveLoad(await stack.clientFor('lifecycle'), 'lifecycle', documents);
    log(`Writing ${documents} documents …`);
    await load.prepare();
    load.start();
    log(`The index is made anew under load, ${kills} kills of the worker on the way …`);
    const changing = changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(500);
      killWorker(stack);
    }
    const compaction = await changing;
    log('Back to the generation before, under load …');
    const rollback = await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    const found = await load.stop();
    return { ...found, compactionMs: Math.round(compaction.ms), swapMs: Math.round(compaction.outcome.stillMs ?? NaN), rollbackMs: Math.round(rollback.ms) };
  } finally {
    await stack.stop();
  }
}

process.exit(await main());
