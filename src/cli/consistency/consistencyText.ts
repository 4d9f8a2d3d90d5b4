import { faultKinds } from '../../contracts/consistency.ts';
import type { ConsistencyAudit, Fault } from '../../contracts/consistency.ts';
import { whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';

export function auditsText(audits: readonly ConsistencyAudit[]): string {
  if (audits.length === 0) return 'No audits.\n';
  const rows = audits.map(({ id, createdAt, state, deep, dryRun, report }) => [id, createdAt, state, deep ? 'deep' : 'quick', dryRun ? 'report' : 'repair', report === null ? '' : whole(total(report.found)), report === null ? '' : whole(total(report.mended))]);
  return table([['id', 'created', 'state', 'depth', 'does', 'found', 'mended'], ...rows], [5, 6], '');
}

export function auditText({ id, state, dryRun, deep, report }: ConsistencyAudit, faults: readonly Fault[]): string {
  const heading = `Audit ${id}: ${state}, ${deep ? 'deep' : 'quick'}${dryRun ? ' (dry run: nothing was mended)' : ''}\n`;
  if (report === null) return heading;
  const { documents, points, objects, opened, inMotion, uncompared, found, mended } = report;
  const looked = `  ${whole(documents)} documents, ${whole(points)} points, ${whole(objects)} objects; ${whole(opened)} documents opened, ${whole(inMotion)} in motion, ${whole(uncompared)} of another release\n`;
  const kinds = faultKinds.filter((kind) => (found[kind] ?? 0) > 0);
  if (kinds.length === 0) return `${heading}${looked}  nothing differs\n`;
  const counts = table([['', 'found', 'mended'], ...kinds.map((kind) => [kind, whole(found[kind] ?? 0), whole(mended[kind] ?? 0)])], [1, 2], '  ');
  const more = total(found) - faults.length;
  const lines = faults.map(({ kind, place, outcome, detail }) => `    ${outcome} ${kind} ${oneLine(place)}: ${oneLine(detail)}\n`).join('');
  return `${heading}${looked}${counts}${lines}${more > 0 ? `    and ${whole(more)} more: --json shows all\n` : ''}`;
}

export function total(counts: Readonly<Partial<Record<string, number>>>): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
