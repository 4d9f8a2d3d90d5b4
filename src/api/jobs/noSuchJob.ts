import { CatalystError } from '../../contracts/errors.ts';

/** The same answer for another tenant's job as for one that never was. */
export function noSuchJob(jobId: string): CatalystError {
  return new CatalystError('NOT_FOUND', `There is no job ${jobId}.`);
}
