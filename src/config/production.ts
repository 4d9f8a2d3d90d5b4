import type { Variables } from './variables.ts';

export interface ConfigurationProblem {
  readonly variable: string;
  readonly problem: string;
  readonly remedy: string;
}

type Rule = (variables: Variables, environment: Readonly<Record<string, string | undefined>>) => ConfigurationProblem | undefined;

const missing = (variable: string, remedy: string): ConfigurationProblem => ({ variable, problem: 'is not set', remedy });

const required = (name: keyof Variables, remedy: string): Rule => (variables) => (variables[name] === undefined ? missing(name, remedy) : undefined);

const keysOfTokens = (variables: Variables) => (['CATALYST_AUTH_JWKS_URL', 'CATALYST_AUTH_PUBLIC_KEY', 'CATALYST_AUTH_SECRET'] as const).filter((name) => variables[name] !== undefined);

/** What every process needs, whatever the profile. */
const commonRules: readonly Rule[] = [
  required('DATABASE_URL', 'Set it to postgres://ROLE:PASSWORD@HOST:5432/DATABASE; the role must not be a superuser.'),
  required('S3_ENDPOINT', 'Set it to the address of an S3 API, such as https://s3.eu-central-1.amazonaws.com.'),
  required('S3_BUCKET', 'Set it to the name of the bucket (at least 3 characters).'),
  required('S3_ACCESS_KEY_ID', 'Set it to the access key of the bucket.'),
  required('S3_SECRET_ACCESS_KEY', 'Set it to the secret key of the bucket.'),
  required('QDRANT_URL', 'Set it to the REST address of Qdrant, such as https://HOST:6333.'),
  (_variables, environment) =>
    environment.TEMPORAL_ADDRESS === undefined && environment.TEMPORAL_CONFIG_FILE === undefined
      ? missing('TEMPORAL_ADDRESS', 'Set it to HOST:7233, or for Temporal Cloud to NAMESPACE.ACCOUNT.tmprl.cloud:7233 with TEMPORAL_API_KEY or TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.')
      : undefined,
  (variables) =>
    keysOfTokens(variables).length === 0
      ? missing('CATALYST_AUTH_JWKS_URL or CATALYST_AUTH_PUBLIC_KEY or CATALYST_AUTH_SECRET', 'Set the JWKS address of your identity provider, its public key, or a secret of at least 32 characters.')
      : undefined,
  (variables) =>
    keysOfTokens(variables).length > 1
      ? { variable: keysOfTokens(variables).join(' or '), problem: 'are set together', remedy: 'Keep one of them: tokens are verified by one kind of key alone.' }
      : undefined,
  (variables) =>
    variables.CATALYST_AUTH_SECRET !== undefined && variables.CATALYST_AUTH_ALGORITHMS !== undefined
      ? { variable: 'CATALYST_AUTH_ALGORITHMS', problem: 'goes with public keys only', remedy: 'Remove it; tokens of a secret are HS256.' }
      : undefined,
  (variables) =>
    variables.CATALYST_PRINCIPAL_KEYS.length === 0
      ? missing('CATALYST_PRINCIPAL_KEYS', 'Set it to NAME:KEY with a key of `openssl rand -base64 32`, the same in every process: workflows are signed by it.')
      : undefined,
  (variables) =>
    variables.CATALYST_PAYLOAD_ENCRYPTION === 'on' && variables.CATALYST_PAYLOAD_KEYS.length === 0
      ? missing('CATALYST_PAYLOAD_KEYS', 'Set it to NAME:KEY with a key of `openssl rand -base64 32`, or switch CATALYST_PAYLOAD_ENCRYPTION off.')
      : undefined,
  (variables) =>
    variables.CATALYST_VAULT_KEYS.length > 0 && variables.CATALYST_VAULT_NAME_KEY === undefined
      ? missing('CATALYST_VAULT_NAME_KEY', 'Set it to a key of `openssl rand -base64 32`, the same in every process and for ever, or remove CATALYST_VAULT_KEYS.')
      : undefined,
  ({ CATALYST_VAULT_KEYS: sealing, CATALYST_VAULT_NAME_KEY: naming, CATALYST_PRINCIPAL_KEYS: signing, CATALYST_PAYLOAD_KEYS: encrypting }) =>
    sealing.some(({ key }) => [...signing.map((other) => other.key), ...encrypting.map((other) => other.key), ...(naming === undefined ? [] : [naming])].some((other) => Buffer.compare(key, other) === 0))
      ? { variable: 'CATALYST_VAULT_KEYS', problem: 'holds a key that serves for something else', remedy: 'Use a key for one thing: who may decrypt payloads need not be able to open the vault.' }
      : undefined,
  ({ CATALYST_PRINCIPAL_KEYS: signing, CATALYST_PAYLOAD_KEYS: encrypting }) =>
    signing.some(({ key }) => encrypting.some((other) => Buffer.compare(key, other.key) === 0))
      ? { variable: 'CATALYST_PAYLOAD_KEYS', problem: 'holds a key of CATALYST_PRINCIPAL_KEYS', remedy: 'Use a key for one thing: those who may read payloads need not be able to sign.' }
      : undefined,
  (variables) =>
    variables.CATALYST_EMBEDDING_PROVIDER !== 'openai' && variables.CATALYST_EMBEDDING_MODEL_DIR === undefined
      ? missing('CATALYST_EMBEDDING_MODEL_DIR', 'Set it to a folder with model.onnx and tokenizer.json; "npm start" prints the one it fetched.')
      : undefined,
  (variables) =>
    variables.CATALYST_EMBEDDING_PROVIDER === 'openai' && variables.CATALYST_EMBEDDING_BASE_URL === undefined
      ? missing('CATALYST_EMBEDDING_BASE_URL', 'Set it to the endpoint, such as https://api.openai.com/v1.')
      : undefined,
  (variables) =>
    variables.CATALYST_NEXT_EMBEDDING_PROVIDER === 'onnx' && variables.CATALYST_NEXT_EMBEDDING_MODEL_DIR === undefined
      ? missing('CATALYST_NEXT_EMBEDDING_MODEL_DIR', 'Set it to a folder with model.onnx and tokenizer.json of the second model.')
      : undefined,
  (variables) =>
    variables.CATALYST_NEXT_EMBEDDING_PROVIDER === 'openai' && variables.CATALYST_NEXT_EMBEDDING_BASE_URL === undefined
      ? missing('CATALYST_NEXT_EMBEDDING_BASE_URL', 'Set it to the endpoint of the second model.')
      : undefined,
  (variables) =>
    variables.CATALYST_NEXT_EMBEDDING_PROVIDER !== undefined && Math.max(variables.CATALYST_CHUNK_TOKENS, variables.CATALYST_NEXT_CHUNK_TOKENS ?? 0) > variables.CATALYST_NEXT_EMBEDDING_TOKEN_LIMIT
      ? { variable: 'CATALYST_NEXT_EMBEDDING_TOKEN_LIMIT', problem: `is ${variables.CATALYST_NEXT_EMBEDDING_TOKEN_LIMIT}, below CATALYST_CHUNK_TOKENS or CATALYST_NEXT_CHUNK_TOKENS`, remedy: 'Choose a model that takes whole passages: what it cuts off could not be found by meaning.' }
      : undefined,
  (variables) =>
    (variables.CATALYST_NEXT_CHUNK_TOKENS ?? 0) > variables.CATALYST_EMBEDDING_TOKEN_LIMIT
      ? { variable: 'CATALYST_NEXT_CHUNK_TOKENS', problem: `is ${variables.CATALYST_NEXT_CHUNK_TOKENS}, above the model’s limit of ${variables.CATALYST_EMBEDDING_TOKEN_LIMIT}`, remedy: 'Lower it, or raise CATALYST_EMBEDDING_TOKEN_LIMIT if the model allows more.' }
      : undefined,
  (variables) =>
    variables.CATALYST_CHUNK_TOKENS > variables.CATALYST_EMBEDDING_TOKEN_LIMIT
      ? { variable: 'CATALYST_CHUNK_TOKENS', problem: `is ${variables.CATALYST_CHUNK_TOKENS}, above the model’s limit of ${variables.CATALYST_EMBEDDING_TOKEN_LIMIT}`, remedy: 'Lower it, or raise CATALYST_EMBEDDING_TOKEN_LIMIT if the model allows more.' }
      : undefined,
];

const developmentPort = /:74\d\d$/;
const isLoopback = (address: string | undefined): boolean => address !== undefined && /(^|\/\/|@)(localhost|127\.|\[::1\])/.test(address);

/** What production refuses besides: missing credentials and anything that is a development default. */
const productionRules: readonly Rule[] = [
  (variables) =>
    variables.FIRECRAWL_API_KEY === undefined && variables.FIRECRAWL_API_URL === undefined
      ? missing('FIRECRAWL_API_KEY', 'Set the key of your Firecrawl account, or FIRECRAWL_API_URL for a self-hosted one.')
      : undefined,
  (variables) =>
    variables.CATALYST_NEXT_EMBEDDING_PROVIDER === 'stub'
      ? { variable: 'CATALYST_NEXT_EMBEDDING_PROVIDER', problem: 'is "stub", which is for tests only', remedy: 'Set it to onnx or openai.' }
      : undefined,
  (variables) =>
    variables.CATALYST_EMBEDDING_PROVIDER === 'stub'
      ? { variable: 'CATALYST_EMBEDDING_PROVIDER', problem: 'is "stub", which is for benchmarks only', remedy: 'Set it to onnx or openai.' }
      : undefined,
  (variables) =>
    variables.CATALYST_AUTH_ISSUER === 'catalyst-development'
      ? { variable: 'CATALYST_AUTH_ISSUER', problem: 'is the development default', remedy: 'Set it to the issuer of your tokens.' }
      : undefined,
  (variables) =>
    variables.CATALYST_AUTH_JWKS_URL !== undefined && !variables.CATALYST_AUTH_JWKS_URL.startsWith('https:')
      ? { variable: 'CATALYST_AUTH_JWKS_URL', problem: 'is not an https address', remedy: 'Set it to one; whoever sits between could otherwise sign tokens.' }
      : undefined,
  (variables) =>
    variables.CATALYST_FETCH_PRIVATE_ADDRESSES
      ? { variable: 'CATALYST_FETCH_PRIVATE_ADDRESSES', problem: 'allows private addresses as sources', remedy: 'Remove it; anyone who may ingest could read your internal network.' }
      : undefined,
  (variables) =>
    variables.QDRANT_URL !== undefined && isLoopback(variables.QDRANT_URL) && developmentPort.test(new URL(variables.QDRANT_URL).host)
      ? { variable: 'QDRANT_URL', problem: 'names the development server of the local stack', remedy: 'Set it to a real Qdrant.' }
      : undefined,
  (variables) =>
    variables.DATABASE_URL !== undefined && isLoopback(variables.DATABASE_URL) && developmentPort.test(new URL(variables.DATABASE_URL).host)
      ? { variable: 'DATABASE_URL', problem: 'names the development server of the local stack', remedy: 'Set it to your Postgres.' }
      : undefined,
  (variables) =>
    variables.S3_ENDPOINT !== undefined && isLoopback(variables.S3_ENDPOINT) && developmentPort.test(new URL(variables.S3_ENDPOINT).host)
      ? { variable: 'S3_ENDPOINT', problem: 'names the development server of the local stack', remedy: 'Set it to your object store.' }
      : undefined,
];

/** All that keeps a process from starting, at once. */
export function findProblems(variables: Variables, environment: Readonly<Record<string, string | undefined>>): ConfigurationProblem[] {
  const rules = variables.CATALYST_PROFILE === 'production' ? [...commonRules, ...productionRules] : commonRules;
  return rules.map((rule) => rule(variables, environment)).filter((problem) => problem !== undefined);
}
