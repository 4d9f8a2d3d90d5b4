import { setTimeout as sleep } from 'node:timers/promises';
import type { Backup, Restore, RestoreRequest } from '../../src/contracts/backups.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import type { DocumentInput } from '../../src/sdk/client.ts';
import { pollUntil } from '../../src/sdk/pollUntil.ts';
import { killWorker } from '../lifecycle/killWorker.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { measureIngest } from './ingestRun.ts';
import { round } from './statistics.ts';

export interface RebuildReport {
  readonly documents: number;
  readonly chunks: number;
  readonly ingestedDocumentsPerSecond: number;
  /** Of a dropped collection, by artifacts and rows alone. */
  readonly rebuiltDocumentsPerSecond: number;
  readonly ratio: number;
  readonly rebuildSeconds: number;
  readonly backup: { readonly seconds: number; readonly objects: number; readonly bytes: number; readonly rows: number };
  /** Of another, empty stack: until it serves, and from the request until all is back. */
  readonly drill: { readonly stackSeconds: number; readonly restoreSeconds: number; readonly points: number };
}

/**
 * First ingestion with the embedded model, against writing the same points again after the collection is gone; then a backup, and the same
 * in a stack that has nothing. All in one run, since the machine's speed drifts.
 */
export async function benchRebuild(documents: readonly DocumentInput[], log: (line: string) => void): Promise<RebuildReport> {
  const stack = await startFullStack();
  let empty: FullStack | undefined;
  try {
    const platform = await platformOf(stack);
    log(`rebuild: ingesting ${documents.length} documents with the embedded model …`);
    const run = await measureIngest(await stack.clientFor('bench-rebuild'), documents);
    log('rebuild: the collection is dropped and built of artifacts …');
    await loseIndex(stack, platform);
    const rebuilt = await restored(platform, { only: 'index' });
    requireWhole(rebuilt, run.chunks);
    const rebuildSeconds = secondsOf(rebuilt);
    log('rebuild: a backup, and another stack …');
    const backup = await backedUp(platform);
    const startedAt = performance.now();
    empty = await startFullStack(reaching(stack));
    const stackSeconds = (performance.now() - startedAt) / 1000;
    const done = await restored(await platformOf(empty), { backupId: backup.id });
    requireWhole(done, run.chunks);
    const [first, again] = [run.documents / run.seconds, run.documents / rebuildSeconds];
    return {
      documents: run.documents, chunks: run.chunks,
      ingestedDocumentsPerSecond: round(first), rebuiltDocumentsPerSecond: round(again), ratio: round(again / first), rebuildSeconds: round(rebuildSeconds),
      backup: { seconds: round(secondsOf(backup)), objects: backup.objects ?? 0, bytes: backup.bytes ?? 0, rows: backup.rows ?? 0 },
      drill: { stackSeconds: round(stackSeconds), restoreSeconds: round(secondsOf(done)), points: done.report.points },
    };
  } finally {
    await empty?.stop();
    await stack.stop();
  }
}

async function platformOf(stack: FullStack): Promise<CatalystClient> {
  return new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
}

/** An empty stack reads backups where the first one keeps them. */
function reaching({ environment }: FullStack): Record<string, string> {
  return {
    CATALYST_BACKUP_S3_ENDPOINT: environment['S3_ENDPOINT'] ?? '',
    CATALYST_BACKUP_S3_ACCESS_KEY_ID: environment['S3_ACCESS_KEY_ID'] ?? '',
    CATALYST_BACKUP_S3_SECRET_ACCESS_KEY: environment['S3_SECRET_ACCESS_KEY'] ?? '',
  };
}

/** The collection with its alias is gone; a worker that starts makes an empty one. */
async function loseIndex(stack: FullStack, platform: CatalystClient): Promise<void> {
  const { serving } = await platform.index.get();
  await fetch(`${stack.environment['QDRANT_URL']}/collections/${serving}`, { method: 'DELETE' });
  killWorker(stack);
  await pollUntil(() => platform.index.get().catch(() => undefined), (overview) => overview?.statistics?.points === 0, {});
  await sleep(3_000);
}

async function backedUp(platform: CatalystClient): Promise<Backup> {
  await platform.backups.create();
  const [backup] = await pollUntil(() => platform.backups.list(), ([newest]) => newest?.verification != null || newest?.state === 'failed', {});
  if (backup?.state !== 'finished') throw new Error(`The backup is ${backup?.state}: ${JSON.stringify(backup)}`);
  return backup;
}

async function restored(platform: CatalystClient, request: RestoreRequest): Promise<Restore> {
  const { restoreId } = await platform.backups.restore(request);
  const own = (restores: readonly Restore[]) => restores.find(({ id }) => id === restoreId);
  return own(await pollUntil(() => platform.backups.listRestores(), (restores) => (own(restores)?.state ?? 'running') !== 'running', {})) as Restore;
}

function requireWhole({ state, report, failure }: Restore, points: number): void {
  if (state !== 'finished' || report.points !== points) throw new Error(`The restore is ${state} with ${report.points} of ${points} points: ${failure?.message}`);
}

function secondsOf({ startedAt, finishedAt }: Pick<Backup, 'startedAt' | 'finishedAt'>): number {
  return (Date.parse(finishedAt ?? '') - Date.parse(startedAt)) / 1000;
}
