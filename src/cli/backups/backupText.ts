import type { Backup, Restore } from '../../contracts/backups.ts';
import { count, duration, whole } from '../output/numbers.ts';
import { oneLine } from '../output/terminal.ts';
import { table } from '../output/table.ts';

export function backupsText(backups: readonly Backup[]): string {
  if (backups.length === 0) return 'There are no backups.\n';
  const number = (value: number | null) => (value === null ? '' : whole(value));
  const rows = backups.map((backup) => [backup.id, backup.state, backup.snapshotAt ?? '', number(backup.rows), number(backup.objects), number(backup.bytes), verifiedText(backup)]);
  return table([['backup', 'state', 'as of', 'rows', 'objects', 'bytes', 'verified'], ...rows], [3, 4, 5]);
}

function verifiedText({ verification, failure }: Backup): string {
  if (verification === null) return failure === null ? '' : oneLine(failure.message);
  return `${verification.at}${verification.deep ? ', deep' : ''}: ${verification.problems === 0 ? 'as it was written' : count(verification.problems, 'problem')}`;
}

export function backupText(backup: Backup): string {
  const { id, state, startedAt, finishedAt, rows, objects, bytes, copiedObjects, copiedBytes, verification } = backup;
  const seconds = finishedAt === null ? '' : `, in ${duration(secondsBetween(startedAt, finishedAt))}`;
  const figures = rows === null ? '' : `  ${whole(rows)} rows, ${whole(objects ?? 0)} objects of ${whole(bytes ?? 0)} bytes, of which ${whole(copiedObjects ?? 0)} (${whole(copiedBytes ?? 0)} bytes) were copied for it\n`;
  return `${id}: ${state}${seconds}\n${figures}  ${verifiedText(backup)}\n${(verification?.examples ?? []).map((example) => `    ${oneLine(example)}\n`).join('')}`;
}

export function restoreText({ id, backupId, state, startedAt, finishedAt, report, failure }: Restore): string {
  const seconds = finishedAt === null ? '' : `, in ${duration(secondsBetween(startedAt, finishedAt))}`;
  const head = `${id} of ${backupId ?? 'artifacts'}: ${state}${seconds}\n`;
  if (failure !== null) return `${head}  ${oneLine(failure.message)}\n  ${oneLine(failure.remedy)}\n`;
  const { jobs, deletions, sweeps, audits } = report.resumed;
  const resumed = jobs + deletions + sweeps + audits === 0 ? '' : `  goes on: ${count(jobs, 'job')}, ${count(deletions, 'deletion')}, ${count(sweeps, 'sweep')}, ${count(audits, 'audit')}\n`;
  const lost = report.lostDocuments === 0 ? '' : `  ${count(report.lostDocuments, 'document')} without artifacts:\n${report.lostExamples.map((example) => `    ${oneLine(example)}\n`).join('')}`;
  const missing = report.points < report.expectedPoints && state === 'finished' ? '  Not all points are there: a deep audit writes what is missing of the artifacts (--audit; else catalyst schedules run consistency-deep).\n' : '';
  const moves = report.tenantsToMove.map((tenant) => `  ${oneLine(tenant)} is to have a collection of its own and is in the shared one: catalyst index compact --tenant ${oneLine(tenant)}\n`).join('');
  const deleted = report.deletedSince === 0 ? '' : `  ${count(report.deletedSince, 'deletion')} since then: what they deleted is back. See catalyst backup deletions ${backupId}, then catalyst backup delete-again ${backupId}\n`;
  return `${head}  ${whole(report.rows)} rows in ${count(report.tables, 'table')}; ${whole(report.objects)} objects, ${whole(report.copiedObjects)} brought back; ${whole(report.points)} of ${whole(report.expectedPoints)} points of ${count(report.documents, 'document')}\n${missing}${resumed}${lost}${moves}${deleted}`;
}

/** Of clocks of two machines, which may differ. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
