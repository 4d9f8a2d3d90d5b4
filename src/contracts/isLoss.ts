import { toCatalystError } from './errors.ts';

/** Whether a stored artifact is gone or damaged, rather than out of reach for a while. */
export function isLoss(thrown: unknown): boolean {
  const { code } = toCatalystError(thrown);
  return code === 'ARTIFACT_NOT_FOUND' || code === 'ARTIFACT_CORRUPT';
}
