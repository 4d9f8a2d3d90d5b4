import type { AuditedPoint } from '../../consistency/auditedPoints.ts';
import type { DocumentStanding } from '../../ports/consistencyRegistry.ts';

/** Whether the point was written so lately that what it belongs to may not be recorded yet. */
export function isYoung({ ingestedAt }: Pick<AuditedPoint, 'ingestedAt'>, graceMs: number): boolean {
  const written = Date.parse(ingestedAt);
  return !Number.isNaN(written) && written > Date.now() - graceMs;
}

/** Whether a request that is not finished writes or removes the point. */
export function isInWork({ sequence }: Pick<AuditedPoint, 'sequence'>, { working }: Pick<DocumentStanding, 'working'>): boolean {
  return working.includes(sequence);
}
