import type { Origin } from '../dependencies/dependency.ts';

/**
 * `ok`: as it should be. `idle`: nothing is wrong, it does not run or is not installed yet, and `npm start` sees to it.
 * `broken`: needed, and something has to be mended first.
 */
export type Condition = 'ok' | 'idle' | 'broken';

/** What the doctor found out about one thing. */
export interface Finding {
  readonly name: string;
  readonly condition: Condition;
  /** For dependencies: where it comes from. */
  readonly origin?: Origin | 'none';
  readonly location?: string;
  readonly version?: string;
  /** How long it took to answer. */
  readonly latencyMilliseconds?: number;
  readonly detail: string;
  /** How to mend it. */
  readonly remedy?: string;
}
