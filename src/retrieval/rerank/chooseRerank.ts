import { CatalystError } from '../../contracts/errors.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { RerankerName, SearchRequest } from '../../contracts/search.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { SearchSettings } from '../settings.ts';
import { createBuiltInRerank } from './builtIn/builtInRerank.ts';
import type { Rerank } from './outcome.ts';

/** What this deployment can rerank by. */
export interface Rerankers {
  readonly embedder: Pick<Embedder, 'tokenVectors'>;
  readonly model?: { begin(principal: Principal, query: string): Rerank; readonly candidates: number } | undefined;
}

export interface ChosenRerank {
  readonly name: RerankerName;
  readonly rerank: Rerank;
  /** The version of the codes of tokens that it compares, which are fetched together with the payloads. */
  readonly tokenCodesOf?: string;
  /** Candidates that it looks at. */
  readonly candidates: number;
}

/**
 * The reranking of one search: what the caller asks for, else what the tenant has set, else what the operator has chosen.
 * Begins whatever it has to do before there are candidates. Undefined where there is none to be, or where it was left to others
 * and the deployment has none of that kind, or the policy of the tenant leaves it out; a caller who asks for that gets INVALID_REQUEST,
 * or TENANT_POLICY.
 */
export function chooseRerank(rerankers: Rerankers, principal: Principal, request: SearchRequest, settings: SearchSettings, ofTenant?: RerankerName): ChosenRerank | undefined {
  const asked = request.rerank !== 'default';
  const name = request.rerank === 'default' ? byDefault(request, ofTenant ?? settings.defaultRerank) : request.rerank;
  if (name === 'none') return undefined;
  if (principal.limits?.rerankers?.includes(name) === false) {
    if (asked) throw new CatalystError('TENANT_POLICY', `The tenant may not rerank by "${name}".`, { problems: [{ pointer: '/rerank', code: 'TENANT_POLICY', detail: 'The policy of the tenant leaves it out.' }] });
    return undefined;
  }
  const chosen = name === 'built-in' ? builtIn(rerankers, principal, request, settings) : byModel(rerankers, principal, request);
  if (chosen === undefined && asked) throw unsupported(name);
  return chosen;
}

/** Who asks for one leg wants to see what it finds by itself. */
function byDefault({ mode }: SearchRequest, name: RerankerName): RerankerName {
  return mode === 'hybrid' ? name : 'none';
}

function builtIn({ embedder: { tokenVectors } }: Rerankers, { tenant }: Principal, { query }: SearchRequest, { poolSize, budgets }: SearchSettings): ChosenRerank | undefined {
  if (tokenVectors === undefined) return undefined;
  const queryTokens = tokenVectors.embedQueryTokens(query, tenant);
  return { name: 'built-in', rerank: createBuiltInRerank({ queryTokens, poolSize, budgetMs: budgets.rerankMs }), tokenCodesOf: tokenVectors.version, candidates: poolSize };
}

function byModel({ model }: Rerankers, principal: Principal, { query }: SearchRequest): ChosenRerank | undefined {
  return model === undefined ? undefined : { name: 'model', rerank: model.begin(principal, query), candidates: model.candidates };
}

const remedies = {
  'built-in': 'needs the embedded model (CATALYST_EMBEDDING_PROVIDER=onnx) with CATALYST_TOKEN_VECTORS=on',
  model: 'needs a reranker (CATALYST_RERANKER)',
} as const satisfies Record<Exclude<RerankerName, 'none'>, string>;

function unsupported(name: keyof typeof remedies): CatalystError {
  return new CatalystError('INVALID_REQUEST', `This deployment cannot rerank by "${name}".`, { problems: [{ pointer: '/rerank', code: 'unsupported', detail: remedies[name] }] });
}
