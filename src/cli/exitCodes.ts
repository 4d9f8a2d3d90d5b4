import type { Job } from '../contracts/jobs.ts';
import type { CatalystApiError } from '../sdk/apiError.ts';

/** What scripts can rely on; shown by `catalyst --help`. */
export const exitCodes = { success: 0, failure: 1, usage: 2, partial: 3, unavailable: 4, notAuthorised: 5, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeHelp = `
Exit codes:
  0  all went well
  1  failure: the job failed, or the API refused the call
  2  the command line or the request is not valid
  3  partial: some documents failed, the others are searchable
  4  the API, or something it depends on, is not available
  5  not authorised: the token is missing, not valid, or does not allow this
  130  interrupted by Ctrl-C
`;

export function exitCodeOfError(error: CatalystApiError): ExitCode {
  if (error.status === 401 || error.status === 403) return exitCodes.notAuthorised;
  if (error.code === 'API_UNREACHABLE' || error.code === 'API_TIMEOUT') return exitCodes.unavailable;
  if (error.status === 429 || error.status === 502 || error.status === 503 || error.status === 504) return exitCodes.unavailable;
  if (error.status === 400 || error.status === 422) return exitCodes.usage;
  return exitCodes.failure;
}

export function exitCodeOfJob(job: Job): ExitCode {
  if (job.state === 'failed') return exitCodes.failure;
  return job.state === 'partial' ? exitCodes.partial : exitCodes.success;
}
