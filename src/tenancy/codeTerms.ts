import { codeSystems } from '../contracts/codes/codeSystems.ts';
import type { CodeSystemName, FoundCode } from '../contracts/codes/codeSystems.ts';

/** What is stored of a chunk's codes: by system, each code and all broader ones, so that a filter by a broad code is one look-up. */
export function codeTerms(found: readonly FoundCode[]): Partial<Record<CodeSystemName, string[]>> {
  const terms: Partial<Record<CodeSystemName, Set<string>>> = {};
  for (const { system, code } of found) {
    const known = (terms[system] ??= new Set());
    for (const term of [code, ...codeSystems[system].ancestors(code)]) known.add(term);
  }
  return Object.fromEntries(Object.entries(terms).map(([system, codes]) => [system, [...codes]]));
}
