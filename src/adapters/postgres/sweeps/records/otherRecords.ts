import { sql } from 'kysely';
import { removeVaultUses } from '../../vault/removeUses.ts';
import type { RecordKeeping } from './recordKeeping.ts';
import { isSpent } from './spentVersions.ts';
import { noRecords, takeRows } from './sweptRecords.ts';
import type { RecordSweep, SweptRecords } from './sweptRecords.ts';

const versionsAtOnce = 10_000;

/** Versions that were replaced, and of which no artifact is left. In a dry run those alone whose artifacts an earlier sweep has removed. */
export async function sweepVersions(sweep: RecordSweep, keeping: RecordKeeping): Promise<SweptRecords> {
  const { tenant, dryRun } = sweep;
  const condition = sql`tenant = ${tenant} and (document_id, id) in (
    select versions.document_id, versions.id from versions where versions.tenant = ${tenant} and ${isSpent(tenant, keeping)}
    ${dryRun ? sql`` : sql`limit ${versionsAtOnce}`})`;
  const names = await takeRows(sweep, 'versions', condition, sql`'version ' || id`);
  return { counts: { versions: names.length }, names };
}

/** Reports of sweeps and of audits; pages and faults go with them. */
export async function sweepReports(sweep: RecordSweep, keeping: RecordKeeping, own: string): Promise<SweptRecords> {
  const { tenant } = sweep;
  const old = sql`tenant = ${tenant} and finished_at <= ${keeping.logs}`;
  const sweeps = await takeRows(sweep, 'sweeps', sql`${old} and id <> ${own}`, sql`'sweep ' || id`);
  const audits = await takeRows(sweep, 'consistency_audits', old, sql`'audit ' || id`);
  return { counts: { reports: sweeps.length + audits.length }, names: [...sweeps, ...audits] };
}

/** Entries of the vault that only versions used of which the text is gone, and that no request may still make a version of. */
export async function sweepVault(sweep: RecordSweep, keeping: RecordKeeping): Promise<SweptRecords> {
  const { transaction, tenant, dryRun } = sweep;
  const unused = sql`created_at <= ${keeping.untouched}
    and not exists (
      select from version_artifacts artifact
      where artifact.tenant = ${tenant} and artifact.document_id = vault_uses.document_id and artifact.version_id = vault_uses.version_id and artifact.kind = 'text')
    and not exists (
      select from job_documents request
      where request.tenant = ${tenant} and request.document_id = vault_uses.document_id and (request.state in ('queued', 'running') or request.state = 'failed' and request.progress is not null))`;
  if (!dryRun) {
    const removed = await removeVaultUses(transaction, tenant, unused);
    return removed.length === 0 ? noRecords : { counts: { vaultEntries: removed.length }, names: removed.map((name) => `entry ${name}`) };
  }
  const { rows } = await sql<{ entries: string }>`
    select count(*) as entries from vault_entries entry
    where tenant = ${tenant} and not exists (select from vault_uses where vault_uses.tenant = ${tenant} and vault_uses.name = entry.name and not (${unused}))`.execute(transaction);
  return { counts: { vaultEntries: Number(rows[0]?.entries ?? 0) }, names: [] };
}
