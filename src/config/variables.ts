import { z } from 'zod';
import { rerankProviders } from '../contracts/rerank.ts';
import { rerankerNames } from '../contracts/search.ts';
import { riskLevels } from '../contracts/risk.ts';
import { roles } from '../contracts/roles.ts';
import { budgetLevels, quotaNames } from '../contracts/quotas.ts';
import { rateClasses } from '../contracts/rateLimits.ts';
import { importBucketList } from './importBucketList.ts';
import { keyList } from './keyList.ts';
import { namespaceList } from './namespaceList.ts';
import { tenantList } from './tenantList.ts';
import { tenantTable } from './tenantTable.ts';
import { originList } from './originList.ts';
import { personalDataList } from './personalDataList.ts';
import { portList } from './portList.ts';
import { secretBytes } from './secretBytes.ts';
import { tokenAlgorithmList } from './tokenAlgorithmList.ts';

const count = (fallback: number, minimum = 1, maximum = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(minimum).max(maximum).default(fallback);
const flag = (fallback: boolean) => z.enum(['true', 'false', '1', '0']).default(fallback ? 'true' : 'false').transform((value) => value === 'true' || value === '1');
const countOrNone = z.coerce.number().int().min(1).optional();
const optional = z.string().min(1).optional();

/** Every environment variable that the API and the worker read, with its default; sizes in bytes, times as named. */
export const variablesSchema = z.object({
  CATALYST_PROFILE: z.enum(['development', 'test', 'production']).default('development').describe('Profile: production refuses development defaults.'),
  CATALYST_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least level that is logged.'),

  CATALYST_API_HOST: z.string().default('127.0.0.1').describe('Address the API listens on.'),
  CATALYST_API_PORT: count(7400, 0, 65_535).describe('Port the API listens on.'),
  CATALYST_API_CORS_ORIGINS: originList.describe('Origins whose pages may call the API from a browser, with commas, such as https://app.example.org; none when absent.'),
  CATALYST_API_DRAIN_SECONDS: count(1, 0, 300).describe('How long a stopping API goes on taking requests, unready and with every answer ending its connection, so that load balancers and clients turn away before it stops listening.'),
  CATALYST_MAX_REQUEST_BYTES: count(64 * 1024 ** 2).describe('Largest JSON request.'),
  CATALYST_MAX_UPLOAD_BYTES: count(5 * 1024 ** 3).describe('Largest uploaded file.'),
  CATALYST_WORKER_METRICS_HOST: z.string().default('127.0.0.1').describe('Address of the worker’s health and metrics server.'),
  CATALYST_WORKER_METRICS_PORT: count(7406, 0, 65_535).describe('Port of the worker’s health and metrics server.'),

  CATALYST_AUTH_SECRET: z.string().min(32, 'at least 32 characters').optional().describe('Key of HS256 tokens; one of this, CATALYST_AUTH_JWKS_URL and CATALYST_AUTH_PUBLIC_KEY is set.'),
  CATALYST_AUTH_JWKS_URL: z.url().optional().describe('Where the token issuer publishes its keys; read anew every 10 minutes, and for an unknown key id at most every 30 s.'),
  CATALYST_AUTH_PUBLIC_KEY: optional.describe('Public keys of the token issuer instead, as one or several PEM blocks (SPKI: Ed25519, P-256 to P-521, RSA); `\\n` may stand for line ends.'),
  CATALYST_AUTH_ALGORITHMS: tokenAlgorithmList.describe('Signatures by public keys that are accepted, with commas: RS256 to PS512, ES256 to ES512, EdDSA, Ed25519. RS256, ES256 and EdDSA when absent.'),
  CATALYST_AUTH_DEFAULT_ROLE: z.enum(roles).exclude(['platform-admin']).optional().describe('Role of tokens that name neither roles nor scopes; without it they may do nothing.'),
  CATALYST_AUTH_ISSUER: z.string().default('catalyst-development').describe('Issuer that tokens must name.'),
  CATALYST_AUTH_AUDIENCE: z.string().default('catalyst').describe('Audience that tokens must name.'),
  CATALYST_AUTH_CLOCK_SKEW_SECONDS: count(30, 0, 600).describe('Clock difference that is tolerated.'),

  CATALYST_TENANTS: z.enum(['auto', 'created']).default('auto').describe('Which tenants are served. auto: all that the issuer of tokens names, unless they were suspended or deleted; created: those alone that were created with POST /v1/tenants, and that of CATALYST_PLATFORM_TENANT.'),
  CATALYST_PLATFORM_TENANT: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, "-" and "_"').optional().describe('Tenant of the operators of the platform: it is served without having been created, and its callers alone may use scopes over tenants. Without it nobody may.'),
  CATALYST_TRUSTED_PROXIES: count(0, 0, 10).describe('Proxies in front of the API, each of which appends to X-Forwarded-For: so many are believed about where a request comes from. 0: the address of the connection counts.'),
  CATALYST_AUDIT_ADDRESS_KEY: z.string().min(16, 'at least 16 characters').optional().describe('With it the audit log holds addresses of callers as a hash by this key; without it as they are.'),

  CATALYST_PRINCIPAL_KEYS: keyList.describe('Keys by which workflows are signed for whom they act: `NAME:KEY`, with commas, each of at least 32 bytes in base64 (`openssl rand -base64 32`). The first signs, all are believed; the same in every process.'),
  CATALYST_UNSIGNED_WORKFLOWS: z.enum(['refuse', 'accept']).default('refuse').describe('accept: the work of workflows that bear no signature is done. For the time of an upgrade alone, until what was started before is finished.'),
  CATALYST_PAYLOAD_ENCRYPTION: z.enum(['on', 'off']).default('off').describe('on: what Temporal stores of workflows (inputs, results, failures) is encrypted, by a key for each tenant.'),
  CATALYST_PAYLOAD_KEYS: keyList.describe('Master keys of this encryption, written as those above: the first encrypts, all decrypt, also while encryption is off.'),
  CATALYST_TEMPORAL_NAMESPACES: namespaceList.describe('Tenants whose workflows run in a Temporal namespace of their own: `TENANT:NAMESPACE`, with commas. All others share TEMPORAL_NAMESPACE.'),
  CATALYST_TEMPORAL_UI_ORIGINS: originList.describe('Origins of the Temporal Web UI, with commas: its pages may ask /v1/temporal-codec to decrypt payloads, with the token of who looks at them.'),

  CATALYST_VAULT_KEYS: keyList.describe('Master keys of the vault of redacted personal data, written as those above: the first encrypts, all decrypt. None: there is no vault, and what is redacted cannot be brought back.'),
  CATALYST_VAULT_NAME_KEY: secretBytes.describe('Key of at least 32 bytes in base64 by which entries of the vault are named; needed with CATALYST_VAULT_KEYS. It never changes: under another one, equal values get other names.'),

  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('Postgres; the role must not be a superuser.'),
  CATALYST_DATABASE_POOL: count(10, 1, 200).describe('Postgres connections a process.'),

  S3_ENDPOINT: z.url().optional().describe('Any S3 API.'),
  S3_PUBLIC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional().describe('Where callers reach the same store, for links to artifacts; S3_ENDPOINT when absent.'),
  CATALYST_LINK_SECONDS: count(300, 10, 3_600).describe('Longest life of a link to an artifact, and what it is where the caller does not ask for less.'),
  S3_REGION: z.string().default('us-east-1').describe('Region of the bucket.'),
  S3_BUCKET: z.string().min(3).optional().describe('Bucket of all artifacts.'),
  S3_ACCESS_KEY_ID: optional.describe('Credentials of the bucket.'),
  S3_SECRET_ACCESS_KEY: optional.describe('Credentials of the bucket.'),
  S3_FORCE_PATH_STYLE: flag(true).describe('Bucket in the path rather than in the host name.'),

  QDRANT_URL: z.url().optional().describe('Qdrant REST address.'),
  QDRANT_API_KEY: optional.describe('Qdrant API key.'),
  CATALYST_INDEX_ALIAS: z.string().regex(/^[a-z0-9_-]+$/).default('catalyst').describe('Alias that search and ingestion use.'),
  CATALYST_DEDICATED_TENANTS: tenantList.describe('Tenants with a collection of their own in Qdrant, with commas; all others share one. The same in every process; a tenant moves with the next compaction, and is taken back (`catalyst index compact --take-back`) before it is taken out of the list.'),

  CATALYST_INDEX_EXACT_POINTS: count(10_000, 100).describe('Up to so many points of a tenant are searched one by one, exactly; beyond that by a graph.'),
  CATALYST_INDEX_SCALAR_POINTS: count(1_000_000).describe('From so many points of a collection on vectors are searched as one byte a dimension (scalar quantisation), and the best are compared anew as they are.'),
  CATALYST_INDEX_ON_DISK_POINTS: count(5_000_000).describe('From so many points of a collection on vectors as they are lie on disk.'),
  CATALYST_INDEX_BINARY_POINTS: count(20_000_000).describe('From so many points of a collection on vectors of 1,024 dimensions and more are searched as one bit a dimension (binary quantisation).'),
  CATALYST_INDEX_OVERSAMPLING: z.coerce.number().min(1).max(16).default(2).describe('Of quantised vectors so many times the results wanted are compared anew as they are.'),
  CATALYST_INDEX_SEARCH_EFFORT: z.coerce.number().int().min(10).max(10_000).optional().describe('Points of a graph that a search looks at (hnsw_ef); when absent as many as when it was built, 100.'),
  CATALYST_INDEX_SHARDS: countOrNone.describe('Shards of a collection; the default of Qdrant when absent. A change is brought about by the next compaction.'),
  CATALYST_INDEX_REPLICAS: countOrNone.describe('Copies of each shard, on as many nodes (replication factor); the default of Qdrant when absent. A change is brought about by the next compaction.'),
  CATALYST_INDEX_WRITE_REPLICAS: countOrNone.describe('Copies that have a write before it is acknowledged (write consistency factor); the default of Qdrant when absent. A change is brought about by the next compaction.'),
  CATALYST_INDEX_READ_CONSISTENCY: z.union([z.enum(['majority', 'quorum', 'all']), z.string().regex(/^[1-9]\d?$/)]).optional().describe('How many copies must agree on what a search reads: a number, majority, quorum or all; the first one counts when absent.'),

  CATALYST_COMPACTION_REMOVED_RATIO: z.coerce.number().min(0.001).max(1).default(0.05).describe('The index is made anew when so much of what it ever held was deleted or replaced.'),
  CATALYST_COMPACTION_SEGMENTS: countOrNone.describe('The index is made anew when it has so many segments; not watched when absent.'),
  CATALYST_COMPACTION_UNINDEXED_VECTORS: countOrNone.describe('The index is made anew when so many vectors are in no graph; not watched when absent.'),
  CATALYST_COMPACTION_LEAST_POINTS: count(10_000, 0).describe('A smaller index is not made anew by itself.'),
  CATALYST_GENERATION_GRACE_MINUTES: count(24 * 60, 0).describe('How long the index before is kept complete after a switch, so that there is a way back.'),

  CATALYST_BACKUP_BUCKET: z.string().min(3).optional().describe('Bucket of backups; without it there are none. Best at another provider, with keys that the rest does not have.'),
  CATALYST_BACKUP_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('The same database by a role that reads all rows: BYPASSRLS and pg_read_all_data, nothing else.'),
  CATALYST_BACKUP_S3_ENDPOINT: z.url().optional().describe('S3 API of the backup bucket, with keys of its own; without it that of the artifacts.'),
  CATALYST_BACKUP_S3_REGION: optional.describe('Region of the backup bucket; without it that of the artifacts.'),
  CATALYST_BACKUP_S3_ACCESS_KEY_ID: optional.describe('Credentials of the backup bucket; without them, and without an endpoint, those of the artifacts.'),
  CATALYST_BACKUP_S3_SECRET_ACCESS_KEY: optional.describe('Credentials of the backup bucket.'),
  CATALYST_BACKUP_S3_FORCE_PATH_STYLE: flag(true).describe('Bucket in the path rather than in the host name, for the backup bucket.'),
  CATALYST_BACKUP_KEEP_DAYS: count(14, 0, 3_650).describe('Backups are removed when they are so old; as long what was deleted can still be in one.'),
  CATALYST_BACKUP_KEEP_LEAST: count(3, 1, 1_000).describe('So many of the newest good backups stay, however old they are.'),
  CATALYST_BACKUP_VERIFY_DAYS: count(7, 0, 366).describe('By its schedule the newest good backup is read through, byte by byte, where none was within so many days; 0: never.'),
  CATALYST_BACKUP_INDEX: z.enum(['artifacts', 'snapshot']).default('artifacts').describe('snapshot: the vector database’s own snapshot of the index is kept with each backup too, for hands; a restore builds the index of artifacts in any case.'),

  CATALYST_EMBEDDING_PROVIDER: z.enum(['onnx', 'openai', 'stub']).default('onnx').describe('onnx: embedded model; openai: any OpenAI-compatible endpoint; stub: benchmarks only.'),
  CATALYST_EMBEDDING_MODEL_DIR: optional.describe('Folder of model.onnx and tokenizer.json (also the tokenizer that counts for other providers).'),
  CATALYST_EMBEDDING_THREADS: count(2, 1, 256).describe('Processor threads of the embedded model.'),
  CATALYST_TOKEN_VECTORS: z.enum(['on', 'off']).default('on').describe('on: the embedded model keeps up to 2,304 bytes more of each chunk, the codes of its tokens, which the built-in rerank compares; documents that are ingested again get them. A tenant can do without them by its search settings.'),
  CATALYST_RERANK: z.enum(rerankerNames).optional().describe('What orders results anew where neither search nor tenant chooses; absent: model where CATALYST_RERANKER names one, else built-in. built-in: the words of query and passage by meaning, where the codes of tokens are kept; model: the reranker that is configured.'),
  CATALYST_EMBEDDING_BASE_URL: z.url().optional().describe('Endpoint with /embeddings below it, for openai.'),
  CATALYST_EMBEDDING_API_KEY: optional.describe('Key of that endpoint.'),
  CATALYST_EMBEDDING_MODEL: z.string().default('text-embedding-3-small').describe('Model of that endpoint.'),
  CATALYST_EMBEDDING_DIMENSION: count(1536, 1, 65_536).describe('Dimension of that model.'),
  CATALYST_EMBEDDING_TOKEN_LIMIT: count(512, 64, 32_768).describe('Most tokens of a text for that model.'),

  CATALYST_NEXT_EMBEDDING_PROVIDER: z.enum(['onnx', 'openai', 'stub']).optional().describe('Second model, which the index can be changed to (`catalyst index reindex`) or was changed from: the one that the index is made by is used. The other CATALYST_NEXT_EMBEDDING_* say what CATALYST_EMBEDDING_* say of the first.'),
  CATALYST_NEXT_EMBEDDING_MODEL_DIR: optional.describe('Folder of the second model.'),
  CATALYST_NEXT_EMBEDDING_BASE_URL: z.url().optional().describe('Endpoint of the second model.'),
  CATALYST_NEXT_EMBEDDING_API_KEY: optional.describe('Key of that endpoint.'),
  CATALYST_NEXT_EMBEDDING_MODEL: z.string().default('text-embedding-3-small').describe('Name of the second model at that endpoint.'),
  CATALYST_NEXT_EMBEDDING_DIMENSION: count(1536, 1, 65_536).describe('Dimension of the second model at that endpoint.'),
  CATALYST_NEXT_EMBEDDING_TOKEN_LIMIT: count(512, 64, 32_768).describe('Most tokens of a text for the second model at that endpoint.'),

  CATALYST_EMBEDDING_CONCURRENCY: countOrNone.describe('Calls for passages that the embedding endpoint gets at once, from all processes together; no limit when absent.'),
  CATALYST_EMBEDDING_CALLS_PER_MINUTE: countOrNone.describe('Calls for passages a minute, from all processes together; no limit when absent.'),

  CATALYST_QUERY_SAMPLE: z.coerce.number().min(0).max(1).default(0).describe('Part of all queries that are kept without personal data, the last few hundred of each tenant: by them an index made by another model is compared with the one that serves. 0: none.'),
  CATALYST_CACHE_BYTES: count(64 * 1024 ** 2, 0).describe('Memory of the caches of search in an API process: three quarters for answers, one for vectors of queries; 0: nothing is kept.'),
  CATALYST_CACHE_REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional().describe('Redis in which API processes share these caches; without it each has its own.'),
  CATALYST_RERANKER: z.enum(['none', ...rerankProviders]).default('none').describe('Model that gives results a new order. cohere: its API; endpoint: any /rerank as of vLLM or Jina; tei: Text Embeddings Inference; judge: an OpenAI-compatible chat model; cross-encoder: a local ONNX model.'),
  CATALYST_RERANKER_URL: z.url({ protocol: /^https?$/ }).optional().describe('Address with /rerank (or, for judge, /chat/completions) below it; without it https://api.cohere.com/v2 for cohere and https://api.openai.com/v1 for judge.'),
  CATALYST_RERANKER_API_KEY: optional.describe('Key of that service.'),
  CATALYST_RERANKER_MODEL: optional.describe('Model of that service; without it rerank-v3.5 for cohere and gpt-4.1-mini for judge. For tei and cross-encoder the name that is shown.'),
  CATALYST_RERANKER_MODEL_DIR: optional.describe('Folder of model.onnx and tokenizer.json of the cross-encoder.'),
  CATALYST_RERANKER_THREADS: count(2, 1, 256).describe('Processor threads of the cross-encoder.'),
  CATALYST_RERANKER_TIMEOUT_MS: z.coerce.number().int().min(50).max(120_000).optional().describe('Time that reranking may add to a search, in milliseconds; the fused order is answered after it. 800 when absent, 8000 for judge.'),
  CATALYST_RERANKER_CANDIDATES: count(50, 2, 500).describe('Most results that are reranked; those below keep their places.'),

  CATALYST_RATE_LIMITS: tenantTable(rateClasses).describe('Requests a minute of each tenant, by class of routes (search, ingest, read, write): `*=search:600,ingest:60;acme=search:6000,ingest:none`. `*` stands for tenants and classes that are not named; no limit when absent.'),
  CATALYST_CALLER_RATE_LIMITS: tenantTable(rateClasses).describe('The same for each caller of a tenant: the subject of its token, or its API key.'),

  CATALYST_QUOTAS: tenantTable(quotaNames).describe('What each tenant may hold (documents, chunks, bytes of their contents), have at work (jobs) and search for a day (searches): `*=documents:100000,jobs:10,searches:50000;acme=documents:none`. What goes beyond is refused; no quota when absent.'),
  CATALYST_BUDGETS: tenantTable(budgetLevels, { whole: false }).describe('Money a calendar month for each tenant, by the prices below: at the soft budget an alert is given, beyond the hard one new work is refused and jobs pause: `*=soft:80,hard:100`. None when absent.'),

  CATALYST_CURRENCY: z.string().regex(/^[A-Z]{3}$/).default('USD').describe('Currency of the prices below.'),
  CATALYST_PRICE_PER_MILLION_TOKENS: z.coerce.number().min(0).default(0).describe('Price of a million tokens of the embedding model, for estimates, budgets and cost.'),
  CATALYST_PRICE_PER_CREDIT: z.coerce.number().min(0).default(0).describe('Price of a Firecrawl credit.'),
  CATALYST_PRICE_PER_THOUSAND_RERANKS: z.coerce.number().min(0).default(0).describe('Price of a thousand calls of the reranker, for the cost of usage.'),
  CATALYST_PRICE_PER_THOUSAND_SEARCHES: z.coerce.number().min(0).default(0).describe('Price of a thousand searches, for the cost of usage.'),
  CATALYST_PRICE_PER_MILLION_QUERY_TOKENS: z.coerce.number().min(0).optional().describe('Price of a million tokens of queries, for the cost of usage; that of other tokens when absent.'),
  CATALYST_PRICE_PER_PROCESSOR_HOUR: z.coerce.number().min(0).default(0).describe('Price of an hour of processor time, of parsing, chunking and the embedded model, for the cost of usage.'),

  FIRECRAWL_API_KEY: optional.describe('Firecrawl key; without key and address the built-in fetcher serves.'),
  FIRECRAWL_API_URL: z.url().optional().describe('Self-hosted Firecrawl.'),
  FIRECRAWL_PLAN: z.enum(['free', 'hobby', 'standard', 'growth']).optional().describe('Plan of the account, whose limits are kept across all processes; without it only Firecrawl’s own 429 answers slow down.'),
  FIRECRAWL_BROWSERS: countOrNone.describe('Pages that Firecrawl reads for us at once, instead of the plan’s number.'),
  FIRECRAWL_SCRAPES_PER_MINUTE: countOrNone.describe('Scrapes, maps and batches a minute, instead of the plan’s number.'),
  FIRECRAWL_CRAWLS_PER_MINUTE: countOrNone.describe('Crawls started a minute, instead of the plan’s number.'),
  FIRECRAWL_STALLED_MINUTES: count(30, 1, 1_440).describe('A crawl or batch at Firecrawl that does nothing for so long is stopped; what is missing is said in the job.'),
  FIRECRAWL_WEBHOOK_SECRET: z.string().min(16, 'at least 16 characters').optional().describe('Signing secret of the Firecrawl account; with a self-hosted server any secret.'),
  CATALYST_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional().describe('Address under which Firecrawl reaches POST /v1/webhooks/firecrawl; used together with FIRECRAWL_WEBHOOK_SECRET. Without it crawls are polled only.'),
  CATALYST_TENANT_FETCHES: count(16, 1, 10_000).describe('Pages, and steps of reading a source, of one tenant at once, in all processes together.'),
  CATALYST_FETCH_TIMEOUT_SECONDS: count(30, 1, 600).describe('Longest fetch of one page.'),
  CATALYST_FETCH_PRIVATE_ADDRESSES: flag(false).describe('Allows private and loopback addresses as sources; tests and intranets only.'),
  CATALYST_FETCH_PORTS: portList.describe('Ports of sites that are fetched from, with commas, or `any`; when absent 80, 443, 8080 and 8443, and any where private addresses are allowed.'),
  CATALYST_USER_AGENT: z.string().default('CatalystIndex/0.1 (+https://github.com/catalyst-index)').describe('Name given to sites.'),

  CATALYST_IMPORT_BUCKETS: importBucketList.describe('Buckets that tenants may import from: `tenantA=bucket1,bucket2;*=open-to-all`. The artifact bucket is never one of them.'),
  CATALYST_IMPORT_S3_ENDPOINT: z.url().optional().describe('S3 API of these buckets, with keys of its own; without it that of the artifacts.'),
  CATALYST_IMPORT_S3_REGION: optional.describe('Region of these buckets; without it that of the artifacts.'),
  CATALYST_IMPORT_S3_ACCESS_KEY_ID: optional.describe('Credentials of these buckets; without them, and without an endpoint, those of the artifacts.'),
  CATALYST_IMPORT_S3_SECRET_ACCESS_KEY: optional.describe('Credentials of these buckets.'),
  CATALYST_IMPORT_S3_FORCE_PATH_STYLE: flag(true).describe('Bucket in the path rather than in the host name, for these buckets.'),

  CATALYST_MAX_DOCUMENT_BYTES: count(256 * 1024 ** 2).describe('Largest document that is ingested.'),
  CATALYST_PARSE_THREADS: count(1, 1, 64).describe('Parser threads.'),
  CATALYST_PARSE_TIMEOUT_SECONDS: count(300, 1, 3600).describe('Longest parsing of one document.'),
  CATALYST_PARSE_PAGE_TIMEOUT_SECONDS: count(60, 1, 3600).describe('Longest parsing of one page of a PDF; a page that takes longer is left out, and named.'),
  CATALYST_PARSE_MEMORY_MB: count(1024, 64, 65_536).describe('Memory of a parser thread (heap and buffers), in MB.'),
  CATALYST_OCR: z.enum(['off', 'tesseract']).default('off').describe('Text recognition of PDF pages that are pictures; tesseract: the command-line program of that name.'),
  CATALYST_OCR_PATH: z.string().min(1).default('tesseract').describe('Name or path of that program.'),
  CATALYST_OCR_LANGUAGES: z.string().regex(/^[A-Za-z_]+(?:\+[A-Za-z_]+)*$/).default('eng').describe('Languages it reads, such as eng or deu+eng.'),
  CATALYST_OCR_PAGES: count(100, 1, 10_000).describe('Most pages of a document that are recognised.'),
  CATALYST_OCR_PAGE_TIMEOUT_SECONDS: count(30, 1, 3600).describe('Longest recognition of one page.'),
  CATALYST_CHUNK_TOKENS: count(448, 64, 8192).describe('Most tokens of a chunk with title and headings.'),
  CATALYST_CHUNK_OVERLAP_TOKENS: count(48, 0, 512).describe('Tokens repeated from the previous chunk of a section.'),
  CATALYST_NEXT_CHUNK_TOKENS: z.coerce.number().int().min(64).max(8192).optional().describe('Second way of cutting, to which the index can be changed (`catalyst index reindex --recut`) or was changed: once it serves, what is ingested is cut so. Default: as the first.'),
  CATALYST_NEXT_CHUNK_OVERLAP_TOKENS: z.coerce.number().int().min(0).max(512).optional().describe('Of that second way. Default: as the first.'),
  CATALYST_QUARANTINE: z.enum(['off', ...riskLevels]).default('off').describe('Passages of this risk and above, by what they say to models, are kept from search where the tenant does not say otherwise in its search settings.'),
  CATALYST_REDACT: personalDataList.describe('Personal data that is replaced by marks in documents before they are indexed, where the tenant does not say otherwise in its search settings, with commas: email, phone, iban, card, ssn, field (what stands behind a name such as "date of birth:"). None when absent.'),
  CATALYST_CONSISTENCY_GRACE_SECONDS: count(86_400, 0).describe('How old a point or an object must be before an audit of consistency takes it for left over; below the longest step of ingestion, what is being made may be taken for it.'),
  CATALYST_INGEST_WINDOW: count(8, 1, 1000).describe('Documents or slices of a job in work at once.'),
  CATALYST_SLICE_DOCUMENTS: count(128, 1, 500).describe('Small stored documents that one workflow ingests together; 1: always one workflow a document.'),
  CATALYST_SLICE_BYTES: count(1024 ** 2).describe('Most bytes of such a group.'),
});

export type Variables = z.infer<typeof variablesSchema>;
export type VariableName = keyof Variables;
