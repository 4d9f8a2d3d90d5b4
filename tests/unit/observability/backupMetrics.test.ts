import { expect, test } from 'vitest';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { createMetrics } from '../../../src/observability/metrics.ts';
import { recordMetrics } from '../../../src/observability/recordMetrics.ts';

async function valuesAfter(events: readonly DomainEvent[], name: string): Promise<string[]> {
  const metrics = createMetrics('worker');
  for (const event of events) recordMetrics(metrics, event);
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}

const verified = { type: 'backup.verified', backupId: 'b', at: '2026-01-01T06:45:00.000Z', deep: true, objects: 1, bytes: 1, problems: 0, examples: [] } as const;
const known = { type: 'backup.known', backupId: 'b', finishedAt: '2026-01-01T01:15:00.000Z', deeplyVerifiedAt: null } as const;
const time = 'catalyst_backup_last_deep_verification_timestamp_seconds';
const of = (at: string): RegExp => new RegExp(` ${Date.parse(at) / 1000}$`);

test('when a backup was last read through and found good: by this worker, or as the bucket told at its start', async () => {
  expect(await valuesAfter([verified], time)).toEqual([expect.stringMatching(of(verified.at))]);
  expect(await valuesAfter([{ ...known, deeplyVerifiedAt: verified.at }], time)).toEqual([expect.stringMatching(of(verified.at))]);
  for (const event of [known, { ...verified, deep: false }, { ...verified, problems: 1 }]) expect(await valuesAfter([event], time)).toEqual([expect.stringMatching(/ 0$/)]);
});

test('verifications, by how they ended', async () => {
  const lines = await valuesAfter([verified, { ...verified, problems: 2 }, { type: 'backup.unverified', backupId: null, code: 'ARTIFACT_STORE_UNAVAILABLE', detail: 'x' }], 'catalyst_backups_total');
  for (const result of ['good', 'damaged', 'failed']) expect(lines.filter((line) => line.includes('what="verification"') && line.includes(`result="${result}"`) && line.endsWith(' 1'))).toHaveLength(1);
});
