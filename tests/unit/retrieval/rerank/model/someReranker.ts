import type { DomainEvent } from '../../../../../src/contracts/events.ts';
import type { Reranker } from '../../../../../src/ports/reranker.ts';
import { createModelReranker } from '../../../../../src/retrieval/rerank/model/modelReranker.ts';
import type { ModelRerankSettings } from '../../../../../src/retrieval/rerank/model/modelReranker.ts';

/** The port by functions: scores by the text's number unless told otherwise. */
export function someReranker(overrides: Partial<Reranker> = {}): Reranker {
  return {
    name: 'reranker',
    provider: 'endpoint',
    model: 'm',
    pointwise: true,
    rerank: (_query, candidates) => Promise.resolve(new Map(candidates.map(({ id, text }) => [id, numberIn(text)]))),
    check: () => Promise.resolve('endpoint: m at somewhere'),
    close: () => Promise.resolve(),
    ...overrides,
  };
}

function numberIn(text: string): number {
  return Number(/-?\d+$/.exec(text)?.[0] ?? 0);
}

export function watchedReranker(reranker: Reranker, settings: Partial<ModelRerankSettings> = {}) {
  const events: DomainEvent[] = [];
  const model = createModelReranker(reranker, { timeoutMs: 1_000, candidates: 50, ...settings }, (event) => events.push(event));
  return { model, events, told: (type: DomainEvent['type']) => events.filter((event) => event.type === type) };
}
