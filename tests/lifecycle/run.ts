/**
 * `npm run lifecycle`: changes the index as a whole under constant searches and writes, with its worker killed on the way, and looks for
 * everything in the end; then, on a stack of its own, damages index and artifacts and has audits mend them. Options: --only changes or faults
 * (both), --documents N (that never change; 400), --kills N (1), --faults N (1,000), --damaged-documents N (of each of two tenants; 200),
 * --seed N, --json FILE. Ends with 1 if a search failed, a write was lost, or a fault was not found, not mended or invented.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CatalystClient } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { runFaults } from './faultRun.ts';
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
  /** The same of the change to another model, estimate and gates included. */
  readonly reindexMs: number;
  /** How long writers waited while the alias was led elsewhere: the longer of the two switches. */
  readonly swapMs: number;
  /** From the request until the generation before served again, what had been written since included. */
  readonly rollbackMs: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: 'changes,faults' },
      documents: { type: 'string', default: '400' },
      kills: { type: 'string', default: '1' },
      faults: { type: 'string', default: '1000' },
      'damaged-documents': { type: 'string', default: '200' },
      seed: { type: 'string', default: '7' },
      json: { type: 'string' },
    },
  });
  const parts = values.only.split(',');
  const changes = parts.includes('changes') ? await changeUnderLoad(Number(values.documents), Number(values.kills)) : undefined;
  const damage = parts.includes('faults') ? await damageAndMend(Number(values.faults), Number(values['damaged-documents']), Number(values.seed)) : undefined;
  const report = { ...changes, ...damage };
  console.log(JSON.stringify(report, undefined, 2));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  const changed = changes === undefined || changes.failedSearches + changes.failedWrites + changes.lostWrites === 0;
  return changed && (damage === undefined || isMended(damage)) ? 0 : 1;
}

type DamageReport = Awaited<ReturnType<typeof damageAndMend>>;

async function damageAndMend(faults: number, documentsPerTenant: number, seed: number) {
  const { injected, found, mended, invented, ...details } = await runFaults({ faults, documentsPerTenant, seed, log });
  return { faults: { injected, found, mended, invented }, damage: details };
}

function isMended({ faults: { injected, found, mended, invented }, damage }: DamageReport): boolean {
  return found === injected && mended === injected && invented === 0 && damage.failedSearches === 0;
}

async function changeUnderLoad(documents: number, kills: number): Promise<LifecycleReport> {
  const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub', CATALYST_COMPACTION_LEAST_POINTS: '0', CATALYST_GENERATION_GRACE_MINUTES: '60', CATALYST_NEXT_EMBEDDING_PROVIDER: 'stub', CATALYST_NEXT_EMBEDDING_DIMENSION: '256' });
  try {
    const platform = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
    const load = new LiveLoad(await stack.clientFor('lifecycle'), 'lifecycle', documents);
    log(`Writing ${documents} documents …`);
    await load.prepare();
    load.start();
    log(`The index is made anew under load, ${kills} kills of the worker on the way …`);
    const compaction = await changeWithKills(stack, kills, () => changeIndex(platform, () => platform.index.compact({ force: true }), limitMs));
    log(`Another model, under load, ${kills} kills of the worker on the way …`);
    const reindex = await changeWithKills(stack, kills, () => changeIndex(platform, () => platform.index.reindex({ maximumTokens: 1_000_000_000, gates: { qualityLoss: 1, latencyFactor: 100 } }), limitMs));
    if (reindex.outcome.decision !== 'switched') throw new Error(`The change to another model ended as ${JSON.stringify(reindex.outcome)}.`);
    log('Back to the generation before, under load …');
    const rollback = await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    const found = await load.stop();
    return { ...found, compactionMs: Math.round(compaction.ms), reindexMs: Math.round(reindex.ms), swapMs: Math.round(Math.max(compaction.outcome.stillMs ?? NaN, reindex.outcome.stillMs ?? NaN)), rollbackMs: Math.round(rollback.ms) };
  } finally {
    await stack.stop();
  }
}

/** Kills begin once the change is under way. */
async function changeWithKills<Result>(stack: FullStack, kills: number, change: () => Promise<Result>): Promise<Result> {
  const changing = change();
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(500);
    killWorker(stack);
  }
  return changing;
}

process.exit(await main());
