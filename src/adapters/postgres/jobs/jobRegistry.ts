import type { Prices } from '../../../contracts/estimate.ts';
import type { JobRegistry } from '../../../ports/jobRegistry.ts';
import type { Database } from '../database.ts';
import { createJobAcceptance } from './jobAcceptance.ts';
import { createJobBudget } from './jobBudget.ts';
import { createJobLife } from './jobLife.ts';
import { createJobReads } from './jobReads.ts';
import { createJobStages } from './jobStages.ts';

export interface JobRegistryOptions {
  /** What spent tokens and credits cost; without them nothing does. */
  readonly prices?: Prices;
}

export const freeOfCharge: Prices = { currency: 'EUR', perMillionTokens: 0, perCredit: 0 };

export function createJobRegistry(database: Database, { prices = freeOfCharge }: JobRegistryOptions = {}): JobRegistry {
  return {
    ...createJobAcceptance(database),
    ...createJobReads(database, prices),
    ...createJobStages(database),
    ...createJobBudget(database, prices),
    ...createJobLife(database, prices),
  };
}
