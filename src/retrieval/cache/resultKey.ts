import { digestOfJson } from '../../contracts/identifiers.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { SearchRequest } from '../../contracts/search.ts';

/** What decides the answer of a search besides caller and request. */
export interface AnswerState {
  /** Of the tenant's index. */
  readonly epoch: string;
  /** Of the settings and the release that search by. */
  readonly version: string;
}

/**
 * The key of a search's answer: tenant, policies and limits, since they decide what a caller may see, but not who the caller is; the request as a whole,
 * the query to the letter, since the answer repeats it; the state of index and settings. Two searches with one key have one answer.
 */
export function resultKey({ tenant, policies, limits }: Principal, request: SearchRequest, { epoch, version }: AnswerState): string {
  // Labels are a set: neither their order nor a label held twice changes what the caller may see.
  const held = [...new Set(policies)].sort();
  return `${tenant}:${digestOfJson({ tenant, policies: held, limits: limits ?? null, request, epoch, version })}`;
}
