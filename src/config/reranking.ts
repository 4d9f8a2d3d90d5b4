import type { RerankProvider } from '../contracts/rerank.ts';
import type { RerankerName } from '../contracts/search.ts';
import type { RerankingConfig } from './config.ts';
import type { ConfigurationProblem } from './production.ts';
import type { VariableName, Variables } from './variables.ts';

interface Requirement {
  /** One of them is enough. */
  readonly names: readonly VariableName[];
  readonly remedy: string;
}

/** What each provider cannot do without. */
const requirements: Readonly<Record<RerankProvider, readonly Requirement[]>> = {
  cohere: [{ names: ['CATALYST_RERANKER_API_KEY'], remedy: 'Set it to the key of your Cohere account.' }],
  endpoint: [
    { names: ['CATALYST_RERANKER_URL'], remedy: 'Set it to the address above /rerank, such as http://HOST:8000/v1 of vLLM or https://api.jina.ai/v1.' },
    { names: ['CATALYST_RERANKER_MODEL'], remedy: 'Set it to the model that the endpoint serves, such as BAAI/bge-reranker-v2-m3.' },
  ],
  tei: [{ names: ['CATALYST_RERANKER_URL'], remedy: 'Set it to the address of Text Embeddings Inference, such as http://HOST:8080.' }],
  judge: [{ names: ['CATALYST_RERANKER_API_KEY', 'CATALYST_RERANKER_URL'], remedy: 'Set the key of your OpenAI account, or the address above /chat/completions of another service.' }],
  'cross-encoder': [{ names: ['CATALYST_RERANKER_MODEL_DIR'], remedy: 'Set it to a folder with model.onnx and tokenizer.json of a cross-encoder, such as ms-marco-MiniLM-L-6-v2.' }],
};

const defaultUrls = { cohere: 'https://api.cohere.com/v2', judge: 'https://api.openai.com/v1' } as const;
const defaultModels: Readonly<Record<RerankProvider, string>> = { cohere: 'rerank-v3.5', endpoint: '', tei: 'served', judge: 'gpt-4.1-mini', 'cross-encoder': 'ms-marco-MiniLM-L-6-v2' };
/** A chat model writes its answer word by word. */
const judgeTimeoutMs = 8_000;
const otherTimeoutMs = 800;

const missingModel: ConfigurationProblem = { variable: 'CATALYST_RERANKER', problem: 'is none, but CATALYST_RERANK is model', remedy: 'Name the reranker, or set CATALYST_RERANK to built-in or none.' };

/** What orders the results of a search that leaves the choice: who names a model wants it used. */
export function defaultRerankOf({ CATALYST_RERANK: chosen, CATALYST_RERANKER: provider }: Variables): RerankerName {
  return chosen ?? (provider === 'none' ? 'built-in' : 'model');
}

export function findRerankingProblems(variables: Variables): ConfigurationProblem[] {
  const provider = variables.CATALYST_RERANKER;
  if (provider === 'none') return variables.CATALYST_RERANK === 'model' ? [missingModel] : [];
  return requirements[provider]
    .filter(({ names }) => names.every((name) => variables[name] === undefined))
    .map(({ names, remedy }) => ({ variable: names.join(' or '), problem: 'is not set', remedy }));
}

/** For variables in which no problem was found. */
export function rerankingConfig(variables: Variables): RerankingConfig | undefined {
  const provider = variables.CATALYST_RERANKER;
  if (provider === 'none') return undefined;
  const common = {
    model: variables.CATALYST_RERANKER_MODEL ?? defaultModels[provider],
    timeoutMs: variables.CATALYST_RERANKER_TIMEOUT_MS ?? (provider === 'judge' ? judgeTimeoutMs : otherTimeoutMs),
    candidates: variables.CATALYST_RERANKER_CANDIDATES,
  };
  if (provider === 'cross-encoder') return { ...common, provider, modelDirectory: variables.CATALYST_RERANKER_MODEL_DIR ?? '', threads: variables.CATALYST_RERANKER_THREADS };
  const fallback = provider === 'cohere' || provider === 'judge' ? defaultUrls[provider] : '';
  return { ...common, provider, baseUrl: variables.CATALYST_RERANKER_URL ?? fallback, apiKey: variables.CATALYST_RERANKER_API_KEY };
}
