import type { FieldProblem } from '../../contracts/errors.ts';
import type { Job } from '../../contracts/jobs.ts';
import type { Budget } from '../../contracts/steering.ts';
import { invalidRequest } from '../parseInput.ts';

/** A job would pause again at once within a budget that is spent already. Throws INVALID_REQUEST that tells what is spent. */
export function refuseSpentBudget({ maximumTokens, maximumCost }: Budget, { tokens, cost }: Job['spent']): void {
  const problems: FieldProblem[] = [];
  if (maximumTokens !== undefined && maximumTokens <= tokens) problems.push({ pointer: '/budget/maximumTokens', code: 'too_small', detail: `${tokens} tokens are spent already.` });
  if (maximumCost !== undefined && maximumCost <= cost) problems.push({ pointer: '/budget/maximumCost', code: 'too_small', detail: `${cost} are spent already.` });
  if (problems.length > 0) throw invalidRequest(problems);
}
