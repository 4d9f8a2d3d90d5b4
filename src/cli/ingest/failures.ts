import { errorTable } from '../../contracts/errors.ts';
import type { ErrorCode, FieldProblem } from '../../contracts/errors.ts';
import type { Job } from '../../contracts/jobs.ts';
import type { CatalystApiError } from '../../sdk/apiError.ts';

/** A document that did not even become part of a job. */
export interface LocalFailure {
  readonly id: string;
  readonly code: string;
  readonly detail: string;
  readonly remedy: string;
}

/** Failures of one code together. */
export interface FailureGroup {
  readonly code: string;
  readonly count: number;
  readonly example: string;
  readonly remedy: string;
}

export function localFailure(id: string, error: CatalystApiError): LocalFailure {
  return { id, code: error.code, detail: error.detail, remedy: error.remedy };
}

/** A document that the API refused, by what its problems name. */
export function refusal(id: string, problems: readonly FieldProblem[]): LocalFailure {
  // Some problems are failures with a name and remedy of their own; the others concern fields.
  const named = problems.map(({ code }) => code).find((code): code is ErrorCode => code in errorTable);
  const detail = problems.map((problem) => problem.detail).join('; ');
  if (named !== undefined) return { id, code: named, detail, remedy: errorTable[named].remedy };
  const fields = problems.map((problem) => `${problem.pointer} ${problem.detail}`).join('; ');
  return { id, code: 'INVALID_DOCUMENTS', detail: fields, remedy: 'Correct what the detail names and ingest the document again.' };
}

/** All failures of a run by code, most frequent first. */
export function groupFailures(jobs: readonly Pick<Job, 'failures'>[], local: readonly LocalFailure[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  const add = (group: FailureGroup): void => {
    const present = groups.get(group.code);
    groups.set(group.code, present === undefined ? group : { ...present, count: present.count + group.count });
  };
  for (const job of jobs) job.failures.forEach(add);
  for (const { id, code, detail, remedy } of local) add({ code, count: 1, example: `${id}: ${detail}`, remedy });
  return [...groups.values()].sort((left, right) => right.count - left.count);
}
