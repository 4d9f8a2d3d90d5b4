import { CatalystError } from '../../../contracts/errors.ts';
import type { SearchRequest } from '../../../contracts/search.ts';
import type { Embedder } from '../../../ports/embedder.ts';
import type { SearchSettings } from '../../settings.ts';
import type { Rerank } from '../outcome.ts';
import { createBuiltInRerank } from './builtInRerank.ts';

export interface BuiltInRerank {
  /** Begins to embed the words of the query. */
  readonly begin: () => Rerank;
  /** The version of the codes that it compares, which are fetched together with the payloads. */
  readonly tokenCodesOf: string;
}

/**
 * The built-in rerank of one search where the caller asks for it, or leaves the choice and the operator has chosen it.
 * Undefined where it is left to the operator and the embedder has no token vectors; a caller who asks
 * for it then gets INVALID_REQUEST.
 */
export function chooseBuiltIn({ tokenVectors }: Pick<Embedder, 'tokenVectors'>, request: SearchRequest, settings: SearchSettings): BuiltInRerank | undefined {
  const chosen = request.rerank === 'default' ? byDefault(request, settings) : request.rerank;
  if (chosen !== 'built-in') return undefined;
  if (tokenVectors === undefined) {
    if (request.rerank === 'default') return undefined;
    throw notKept();
  }
  return {
    begin: () => createBuiltInRerank({ queryTokens: tokenVectors.embedQueryTokens(request.query), poolSize: settings.poolSize, budgetMs: settings.budgets.rerankMs }),
    tokenCodesOf: tokenVectors.version,
  };
}

/** Who asks for one leg wants to see what it finds by itself. */
function byDefault({ mode }: SearchRequest, { defaultRerank }: SearchSettings): SearchSettings['defaultRerank'] {
  return mode === 'hybrid' ? defaultRerank : 'none';
}

function notKept(): CatalystError {
  return new CatalystError('INVALID_REQUEST', 'This deployment keeps no token vectors, which the built-in rerank compares.', {
    problems: [{ pointer: '/rerank', code: 'unsupported', detail: 'needs the embedded model (CATALYST_EMBEDDING_PROVIDER=onnx) with CATALYST_TOKEN_VECTORS=on' }],
  });
}
