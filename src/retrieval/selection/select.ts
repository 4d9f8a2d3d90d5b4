import type { SearchRequest } from '../../contracts/search.ts';
import { byScore } from '../candidates/candidate.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { ShownPassages } from '../cursor.ts';
import { diversify } from './diversity.ts';
import { follows } from './joinNeighbours.ts';
import { NearDuplicates } from './nearDuplicates.ts';

/** A result to be: its best passage, and what was put together with it. */
export interface Selected {
  readonly candidate: Candidate;
  readonly score: number;
  /** Passages next to it in the document, in the order in which they were found. */
  readonly neighbours: Candidate[];
  /** Further passages of an aggregated document, best first. */
  readonly passages: Candidate[];
  readonly duplicates: Candidate[];
}

export const dropReasons = ['older version', 'below the minimum score', 'nearly the same text as another document', 'enough passages of the document', 'shown on an earlier page', 'below the limit'] as const;
export type DropReason = (typeof dropReasons)[number];

export interface Selection {
  readonly selected: readonly Selected[];
  /** Why a candidate did not become a result, by point id. */
  readonly dropped: ReadonlyMap<string, DropReason>;
}

type Choice = Pick<SearchRequest, 'limit' | 'passagesPerDocument' | 'minimumScore' | 'aggregate' | 'joinNeighbours' | 'collapseDuplicates' | 'diversity'>;

/**
 * The best candidates that may stand together in one answer. Of each document only its newest version, since a read can fall
 * into the moment in which versions change; no more passages of it than asked for; nothing twice.
 */
export function select(candidates: readonly Candidate[], request: Choice, shown: ShownPassages): Selection {
  const dropped = new Map<string, DropReason>();
  const drop = (candidate: Candidate, reason: DropReason): void => void dropped.set(candidate.hit.id, reason);
  const wanted = withoutOlderVersions(candidates, drop).filter((candidate) => {
    const enough = request.minimumScore === undefined || candidate.score >= request.minimumScore;
    if (!enough) drop(candidate, 'below the minimum score');
    return enough;
  });
  const results = new Results(request, shown, drop);
  for (const candidate of diversify(aggregated(wanted, request), request.diversity)) results.add(candidate);
  return { selected: results.taken, dropped };
}

/** Documents that have given as many passages as they may. */
export function saturatedDocuments(selected: readonly Selected[], passagesPerDocument: number, shown: ShownPassages): Set<string> {
  const passages = new Map<string, number>();
  for (const { candidate, neighbours, passages: further } of selected) {
    const { document } = candidate.payload;
    passages.set(document, (passages.get(document) ?? shown.ofDocument(document)) + 1 + neighbours.length + further.length);
  }
  return new Set([...passages].filter(([, count]) => count >= passagesPerDocument).map(([document]) => document));
}

type Drop = (candidate: Candidate, reason: DropReason) => void;

function withoutOlderVersions(candidates: readonly Candidate[], drop: Drop): Candidate[] {
  const newest = new Map<string, number>();
  for (const { payload } of candidates) newest.set(payload.document, Math.max(newest.get(payload.document) ?? -Infinity, payload.sequence));
  return candidates.filter((candidate) => {
    const isNewest = candidate.payload.sequence === newest.get(candidate.payload.document);
    if (!isNewest) drop(candidate, 'older version');
    return isNewest;
  });
}

const shares = [1, 0.5, 0.25];

/** Where a document is one result and its passages add up, the sum stands at its best passage. */
function aggregated(candidates: readonly Candidate[], { aggregate }: Choice): Candidate[] {
  if (aggregate !== 'sum') return [...candidates];
  const scores = new Map<string, number[]>();
  for (const { payload, score } of candidates) scores.set(payload.document, [...(scores.get(payload.document) ?? []), score]);
  const first = new Set<string>();
  return candidates
    .map((candidate) => {
      const { document } = candidate.payload;
      if (first.has(document)) return candidate;
      first.add(document);
      return { ...candidate, score: shares.reduce((sum, share, index) => sum + share * (scores.get(document)?.[index] ?? 0), 0) };
    })
    .sort(byScore);
}

/** Takes candidates in their order until there are enough results. */
class Results {
  readonly taken: Selected[] = [];
  readonly #request: Choice;
  readonly #shown: ShownPassages;
  readonly #drop: Drop;
  readonly #passages = new Map<string, number>();
  readonly #duplicates = new NearDuplicates();

  constructor(request: Choice, shown: ShownPassages, drop: Drop) {
    this.#request = request;
    this.#shown = shown;
    this.#drop = drop;
  }

  add(candidate: Candidate): void {
    if (this.#shown.has(candidate.payload)) {
      if (this.#request.collapseDuplicates) this.#duplicates.repeated(candidate);
      return this.#drop(candidate, 'shown on an earlier page');
    }
    if (!this.#mayGiveMore(candidate)) return this.#drop(candidate, 'enough passages of the document');
    if (this.#joins(candidate)) return;
    if (this.taken.length >= this.#request.limit) return this.#drop(candidate, 'below the limit');
    if (this.#repeats(candidate)) return this.#drop(candidate, 'nearly the same text as another document');
    this.#count(candidate);
    this.taken.push({ candidate, score: candidate.score, neighbours: [], passages: [], duplicates: [] });
  }

  #mayGiveMore({ payload }: Candidate): boolean {
    return (this.#passages.get(payload.document) ?? this.#shown.ofDocument(payload.document)) < this.#request.passagesPerDocument;
  }

  #count({ payload }: Candidate): void {
    this.#passages.set(payload.document, (this.#passages.get(payload.document) ?? this.#shown.ofDocument(payload.document)) + 1);
  }

  /** Puts the candidate to a result that is there already, where results are joined or aggregated. */
  #joins(candidate: Candidate): boolean {
    const ofDocument = this.taken.filter((result) => result.candidate.payload.document === candidate.payload.document);
    const aggregatedInto = this.#request.aggregate === 'none' ? undefined : ofDocument[0];
    const neighbour = this.#request.joinNeighbours ? ofDocument.find((result) => follows([result.candidate, ...result.neighbours], candidate)) : undefined;
    if (aggregatedInto === undefined && neighbour === undefined) return false;
    this.#count(candidate);
    if (neighbour !== undefined) neighbour.neighbours.push(candidate);
    else aggregatedInto?.passages.push(candidate);
    return true;
  }

  #repeats(candidate: Candidate): boolean {
    if (!this.#request.collapseDuplicates) return false;
    const twin = this.#duplicates.repeated(candidate);
    if (twin === undefined) return false;
    this.taken.find((result) => result.candidate === twin)?.duplicates.push(candidate);
    return true;
  }
}
