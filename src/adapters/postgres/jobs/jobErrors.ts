import { CatalystError } from '../../../contracts/errors.ts';

/** Also said of a job of another tenant. */
export function unknownJob(jobId: string): CatalystError {
  return new CatalystError('NOT_FOUND', `There is no job ${jobId}.`);
}
