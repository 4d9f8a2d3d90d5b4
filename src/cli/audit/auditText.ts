import type { AuditRecord } from '../../contracts/audit.ts';
import type { AuditVerification } from '../../contracts/auditChain.ts';
import { whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';

export function auditText(records: readonly AuditRecord[]): string {
  if (records.length === 0) return 'The log has no such operations.\n';
  return table([['time', 'who', 'what', 'on', 'from', 'outcome'], ...records.map(rowOf)]);
}

function rowOf({ at, subject, keyPrefix, operation, resource, address, outcome }: AuditRecord): string[] {
  const who = keyPrefix === null ? subject : `${subject} (${keyPrefix})`;
  return [at, oneLine(who), operation, oneLine(outcome?.created ?? resource), address ?? '', outcomeText(outcome)];
}

function outcomeText(outcome: AuditRecord['outcome']): string {
  if (outcome === null) return 'not known';
  return outcome.code === null ? String(outcome.status) : `${outcome.status} ${outcome.code}`;
}

export function verificationText({ tenant, entries, head, faults }: AuditVerification): string {
  if (faults.length === 0) {
    const keep = head === null ? '' : `Keep this elsewhere, and give it to the next verification with --expect:\n${head.sequence}:${head.hash}\n`;
    return `The log of ${tenant ?? 'the tenant'} is whole: ${whole(entries)} entries.\n${keep}`;
  }
  const lines = faults.map(({ sequence, kind, detail }) => `  ${sequence === null ? 'the log' : `entry ${sequence}`}: ${kind}. ${oneLine(detail)}\n`);
  return `The log of ${tenant ?? 'the tenant'} is NOT whole (${whole(entries)} entries read):\n${lines.join('')}`;
}
