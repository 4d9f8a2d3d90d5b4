import { CatalystError } from '../../../contracts/errors.ts';

/** No call was made: the code is that of the failure that opened the circuit. */
export class CircuitOpen extends CatalystError {
  constructor(failure: CatalystError | undefined) {
    super(failure?.code ?? 'RERANKER_UNAVAILABLE', `The reranker is not asked for now. ${failure?.message ?? ''}`.trim(), { cause: failure });
  }
}

/** The time was over. */
export class BudgetSpent extends CatalystError {
  constructor(message: string) {
    super('RERANKER_UNAVAILABLE', message);
  }
}
