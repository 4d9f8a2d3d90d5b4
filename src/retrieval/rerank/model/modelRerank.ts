import { embeddedTextOf } from '../../../contracts/chunks.ts';
import { toCatalystError } from '../../../contracts/errors.ts';
import type { Principal } from '../../../contracts/principal.ts';
import type { RerankCandidate } from '../../../ports/reranker.ts';
import type { Candidate } from '../../candidates/candidate.ts';
import type { Rerank, RerankFailure } from '../outcome.ts';
import type { AskModel } from './askModel.ts';
import { reorder } from './reorder.ts';

export interface ModelRerankOptions {
  readonly ask: AskModel;
  /** Scores of several calls for one query compare, so that each passage is asked about once. */
  readonly pointwise: boolean;
  /** Time that the reranking of one search may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Most candidates that are reranked, from the first. */
  readonly candidates: number;
  /** Who reranks, as `explain` names it. */
  readonly by: string;
}

/**
 * The reranking of one search by a model. A search may order its candidates more than once, as it finds more of them: all of it shares
 * one time budget, and after a failure the model is not asked again. The candidates must be what the principal may see.
 */
export function createModelRerank({ ask, pointwise, timeoutMs, candidates: most, by }: ModelRerankOptions, principal: Principal, query: string): Rerank {
  const asked = new Set<string>();
  let scores: ReadonlyMap<string, number> = new Map();
  let remainingMs = timeoutMs;
  let failure: RerankFailure | undefined;

  async function scorePool(pool: readonly Candidate[]): Promise<void> {
    const fresh = pool.filter(({ hit }) => !asked.has(hit.id));
    if (fresh.length === 0) return;
    const started = performance.now();
    const answer = await ask(principal, query, (pointwise ? fresh : pool).map(toRerankCandidate), remainingMs);
    remainingMs -= performance.now() - started;
    for (const { hit } of fresh) asked.add(hit.id);
    scores = pointwise ? new Map([...scores, ...answer]) : answer;
  }

  return async (candidates) => {
    const pool = candidates.slice(0, most);
    if (pool.length < 2) return { candidates };
    try {
      if (failure === undefined) await scorePool(pool);
    } catch (thrown) {
      failure = publicFailure(thrown);
    }
    return failure === undefined ? { candidates: reorder(candidates, pool.length, scores, by) } : { candidates, failure };
  };
}

/** Title, headings and passage: what was embedded. */
function toRerankCandidate({ hit, payload }: Candidate): RerankCandidate {
  return { id: hit.id, text: embeddedTextOf(payload.title, payload.chunk) };
}

/** What the service said of itself is for operators, who find it in the event. */
function publicFailure(thrown: unknown): RerankFailure {
  const { code, class: { title } } = toCatalystError(thrown);
  return { code, message: `${title}; the results keep their order without it.` };
}
