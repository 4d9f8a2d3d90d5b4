import type { Candidate } from '../candidates/candidate.ts';
import { shinglesOf, similarity } from './shingles.ts';

/** Share of three-word sequences that two passages have in common, from which they count as the same text. */
const nearlyTheSame = 0.85;

/** Finds, for passage after passage, the one seen before that says the same in another document. */
export class NearDuplicates {
  readonly #seen = new Map<string, Candidate[]>();

  /** The earlier candidate that this one repeats; undefined where it is new, and then it is remembered. */
  repeated(candidate: Candidate): Candidate | undefined {
    const shingles = shinglesOf(candidate.payload);
    const keys = shingles.lowest.map((value, order) => `${order}/${value}`);
    for (const key of keys) {
      const twin = this.#seen.get(key)?.find(({ payload }) => payload.document !== candidate.payload.document && similarity(shinglesOf(payload), shingles) >= nearlyTheSame);
      if (twin !== undefined) return twin;
    }
    for (const key of keys) this.#seen.set(key, [...(this.#seen.get(key) ?? []), candidate]);
    return undefined;
  }
}
