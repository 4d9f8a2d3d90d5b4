import type { Command } from 'commander';
import type { Budget } from '../../contracts/steering.ts';
import { positiveNumber, wholeNumber } from '../optionValues.ts';

export interface JobOptionValues {
  readonly budgetTokens?: number;
  readonly budgetCost?: number;
  readonly concurrency?: number;
  readonly dryRun?: boolean;
}

/** Options that say how a job is to run. */
export function addJobOptions(command: Command): Command {
  return command
    .option('--budget-tokens <n>', 'pause the job before it gives the model more tokens than this', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--budget-cost <money>', 'pause the job before it costs more than this', positiveNumber)
    .option('--concurrency <n>', 'documents, or slices of small ones, in work at once', wholeNumber(1, 1000))
    .option('--dry-run', 'only tell what would be fetched, parsed and chunked, with token counts');
}

export function jobOptionsOf({ budgetTokens, budgetCost, concurrency, dryRun }: JobOptionValues): { readonly budget?: Budget; readonly concurrency?: number; readonly dryRun?: boolean } {
  const budget = { ...(budgetTokens === undefined ? {} : { maximumTokens: budgetTokens }), ...(budgetCost === undefined ? {} : { maximumCost: budgetCost }) };
  return { ...(Object.keys(budget).length === 0 ? {} : { budget }), ...(concurrency === undefined ? {} : { concurrency }), ...(dryRun === undefined ? {} : { dryRun }) };
}
