import type { DocumentInput } from '../../../src/sdk/client.ts';
import type { FullStack } from '../../support/fullStack.ts';
import { measureIngest } from '../ingestRun.ts';

/** A tenant with documents, and what is asked of it. */
export interface LoadTarget {
  readonly stack: FullStack;
  readonly tenant: string;
  readonly chunks: number;
  readonly embedder: 'onnx' | 'stub';
  /** Asked again and again, each time with another number behind it unless the same is wanted. */
  readonly queries: readonly string[];
}

export async function fillTarget(stack: FullStack, options: { readonly tenant: string; readonly embedder: LoadTarget['embedder']; readonly documents: readonly DocumentInput[]; readonly queries: readonly string[] }): Promise<LoadTarget> {
  const { tenant, embedder, documents, queries } = options;
  const { chunks } = await measureIngest(await stack.clientFor(tenant), documents);
  return { stack, tenant, chunks, embedder, queries };
}

/** Of the whole run: vectors of queries are remembered from one part of the bench to the next. */
let asked = 0;

/** A source of queries no two of which are the same in a run, so that no cache of results or query vectors answers. */
export function distinctQueries(queries: readonly string[]): () => string {
  return () => {
    asked += 1;
    return `${queries[asked % queries.length] ?? ''} ${asked}`;
  };
}

export function apiProcessOf(stack: FullStack): number {
  const pid = stack.services.api?.pid;
  if (pid === undefined) throw new Error('This stack does not run the API itself: its memory cannot be seen.');
  return pid;
}
