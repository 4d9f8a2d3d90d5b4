import { CatalystError, toCatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import type { ServingContract } from '../ports/servingContract.ts';

/** The index may be led elsewhere once while a search runs, and back. */
const mostTries = 3;

/**
 * One function out of one a model: calls that of the model which the index of the caller's tenant is made by at this moment, and, where the index is led to another
 * one meanwhile, that of the other. `of`: by the fingerprint of the embedding contract. Throws EMBEDDING_CONTRACT_MISMATCH where the process has no such model.
 */
export function byServingModel<Parameters extends readonly [Principal, ...unknown[]], Result>(of: ReadonlyMap<string, (...given: Parameters) => Promise<Result>>, serving: ServingContract): (...given: Parameters) => Promise<Result> {
  return async (...given) => {
    const [{ tenant }] = given;
    for (let tried = 1; ; tried += 1) {
      const fingerprint = await (tried === 1 ? serving.known(tenant) : serving.refresh(tenant));
      const call = fingerprint === undefined ? undefined : of.get(fingerprint);
      if (call === undefined) throw new CatalystError('EMBEDDING_CONTRACT_MISMATCH', `The index is made by the embedding contract ${fingerprint ?? 'of another product'}, of which this process has no model.`);
      try {
        return await call(...given);
      } catch (thrown) {
        if (toCatalystError(thrown).code !== 'INDEX_MOVED' || tried === mostTries) throw thrown;
      }
    }
  };
}

/** The same for a function that may answer without having asked the index, and so does not notice that it was led elsewhere: which model serves is asked anew each time. */
export function byServingModelNow<Parameters extends readonly [Principal, ...unknown[]], Result>(of: ReadonlyMap<string, (...given: Parameters) => Promise<Result>>, serving: Pick<ServingContract, 'refresh'>): (...given: Parameters) => Promise<Result> {
  const refresh = (tenant: string) => serving.refresh(tenant);
  return byServingModel(of, { known: refresh, refresh });
}
