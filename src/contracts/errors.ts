/**
 * Every failure the product can name: its code, HTTP status, whether a retry can help, and what the reader can do.
 * `docs/reference/errors.md` is made from this table.
 */
export interface ErrorClass {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly remedy: string;
  /** The job is paused and waits for a decision, instead of failing the document. */
  readonly pausesJob?: true;
}

export const errorTable = {
  // The request itself.
  INVALID_JSON: { status: 400, retryable: false, title: 'The request body is not valid JSON', remedy: 'Send a JSON body that parses; the detail names the position.' },
  INVALID_REQUEST: { status: 422, retryable: false, title: 'The request does not fit the schema', remedy: 'Correct the fields named under "errors".' },
  INVALID_DOCUMENTS: { status: 422, retryable: false, title: 'Some documents of the request are invalid', remedy: 'Correct the documents named under "errors", or send "onInvalid": "skip" to ingest the others.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, title: 'The media type of the request is not supported', remedy: 'Send application/json, or multipart/form-data for uploads.' },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, title: 'The request body is too large', remedy: 'Send fewer documents or searches in a request; large content goes through POST /v1/uploads.' },
  UNAUTHENTICATED: { status: 401, retryable: false, title: 'The bearer token is missing or not valid', remedy: 'Send "Authorization: Bearer TOKEN" with a current token of the configured issuer, or an API key that is neither expired nor revoked.' },
  FORBIDDEN: { status: 403, retryable: false, title: 'The token does not allow this', remedy: 'Use a token whose roles and policies cover the request.' },
  SCOPE_MISSING: { status: 403, retryable: false, title: 'The caller lacks a scope that this needs', remedy: 'Use a token or an API key that holds the scope named in the detail, itself or by a role; /openapi.json names the scope of every route.' },
  TENANT_SUSPENDED: { status: 403, retryable: false, title: 'The tenant is suspended', remedy: 'Ask the operator of the platform, who suspended it; nothing is lost.' },
  TENANT_DELETED: { status: 403, retryable: false, title: 'The tenant is deleted, or being deleted', remedy: 'Use a token of another tenant; the operator of the platform has the receipt.' },
  TENANT_UNKNOWN: { status: 403, retryable: false, title: 'The tenant was not created', remedy: 'Ask the operator of the platform to create it with POST /v1/tenants, or check the tenant of the token.' },
  TENANT_POLICY: { status: 403, retryable: false, title: 'The policy of the tenant does not allow this', remedy: 'Leave out what is named under "errors", or ask the operator of the platform to widen the policy.' },
  NOT_FOUND: { status: 404, retryable: false, title: 'Nothing of that name exists for this tenant', remedy: 'Check the identifier and the tenant of the token.' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: 'The resource does not take this method', remedy: 'See /openapi.json for the methods of each resource.' },
  CONFLICT: { status: 409, retryable: false, title: 'The request conflicts with the present state', remedy: 'Read the resource again and decide anew.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, retryable: false, title: 'The Idempotency-Key belongs to another request', remedy: 'Send each request under a key of its own; only the very same one, byte for byte, may carry its key again.' },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, retryable: true, title: 'A request with this Idempotency-Key is still in work', remedy: 'Wait for the time that Retry-After names, then send it again: it gets the answer of the first.' },
  IDEMPOTENCY_ANSWER_NOT_KEPT: { status: 409, retryable: false, title: 'The request was carried out, and its answer held a secret that is not kept', remedy: 'Read the resource that the detail names; where the secret was lost, make another (for an API key: rotate it).' },
  AS_OF_TOO_EARLY: { status: 422, retryable: false, title: 'The history that searches find does not reach back so far', remedy: 'Search as of a later time; the detail says since when the history is complete. How long it is kept is `searchableHistoryDays` of the retention policy (PUT /v1/retention).' },
  RECEIPT_REFUSED: { status: 422, retryable: false, title: 'The receipt is none that this service has given to the tenant', remedy: 'Send the receipt as it was answered, whole and unchanged, with a token of the tenant that it was given to; one that was sealed by a key of CATALYST_PRINCIPAL_KEYS that is gone cannot be replayed any more.' },
  // One document.
  EMPTY_DOCUMENT: { status: 422, retryable: false, title: 'The document holds no text', remedy: 'Check that the source has content; send it again once it does.' },
  DOCUMENT_TOO_LARGE: { status: 413, retryable: false, title: 'The document is larger than the limit', remedy: 'Split the document, or raise CATALYST_MAX_DOCUMENT_BYTES.' },
  CORRUPT_DOCUMENT: { status: 422, retryable: false, title: 'The document cannot be read', remedy: 'Open the file with its own program, repair or export it again, and send that.' },
  PASSWORD_PROTECTED: { status: 422, retryable: false, title: 'The document is protected by a password', remedy: 'Remove the password and send the document again.' },
  UNSUPPORTED_TYPE: { status: 415, retryable: false, title: 'The type of the document is not supported', remedy: 'Send HTML, Markdown, plain text, PDF, DOCX, PPTX, XLSX, CSV, EPUB, EML, JSON, JSONL or source code.' },
  NO_TEXT_LAYER: { status: 422, retryable: false, title: 'The document holds images only, without a text layer', remedy: 'Switch text recognition on (CATALYST_OCR=tesseract), or run it yourself and send the result.' },
  PARSE_LIMIT_EXCEEDED: { status: 422, retryable: false, title: 'Parsing took more time or memory than allowed', remedy: 'Split or simplify the document. Limits of time and memory can be raised (CATALYST_PARSE_TIMEOUT_SECONDS, CATALYST_PARSE_PAGE_TIMEOUT_SECONDS, CATALYST_PARSE_MEMORY_MB); how large an archive may unpack to is fixed.' },
  DOCUMENT_QUARANTINED: { status: 422, retryable: false, title: 'All the document says is kept from search, because of what it says to models', remedy: 'Read the document. If it is harmless, raise or switch off "quarantine" in the search settings of the tenant (or CATALYST_QUARANTINE) and retry it; if it is not, ask where it comes from.' },
  PASSAGES_QUARANTINED: { status: 422, retryable: false, title: 'Passages of the document are kept from search, because of what they say to models', remedy: 'The rest of the document is searchable. Read the passages in its artifact "chunks", by "risk"; if they are harmless, raise or switch off "quarantine" in the search settings of the tenant (or CATALYST_QUARANTINE) and ingest the document again.' },
  URL_FORBIDDEN: { status: 422, retryable: false, title: 'The address may not be fetched', remedy: 'Use an http or https address on the public internet. Private and local addresses are refused, unless the operator allows them with CATALYST_FETCH_PRIVATE_ADDRESSES.' },
  ROBOTS_DISALLOWED: { status: 422, retryable: false, title: 'The site does not allow robots to fetch this address', remedy: 'Ask the owner of the site, or leave this address out.' },
  FETCH_NOT_FOUND: { status: 422, retryable: false, title: 'The address answers that there is no such page', remedy: 'Check the address; the page may have moved or gone.' },
  FETCH_REFUSED: { status: 422, retryable: false, title: 'The site refuses the request', remedy: 'The page may need a login or block robots; fetch it yourself and upload it.' },
  FETCH_TLS_INVALID: { status: 422, retryable: false, title: 'The certificate of the site is not valid', remedy: 'Ask the owner of the site to renew it, or upload the page.' },
  FETCH_TOO_MANY_REDIRECTS: { status: 422, retryable: false, title: 'The address redirects too often', remedy: 'Give the final address of the page.' },
  FETCH_FAILED: { status: 502, retryable: true, title: 'The site answers with an error', remedy: 'Try again later; the site itself reports a failure.' },
  FETCH_RATE_LIMITED: { status: 429, retryable: true, title: 'The site or fetch service asks to slow down', remedy: 'Wait for the time it names; retries honour it.' },
  FETCH_TIMEOUT: { status: 504, retryable: true, title: 'The site does not answer in time', remedy: 'Try again later, or upload the page.' },
  FETCH_UNREACHABLE: { status: 502, retryable: true, title: 'The site cannot be reached', remedy: 'Check the host name and that the site is up.' },
  UPLOAD_NOT_FOUND: { status: 422, retryable: false, title: 'There is no such upload for this tenant', remedy: 'Upload the file with POST /v1/uploads and use the id it answers.' },
  ARTIFACT_NOT_FOUND: { status: 422, retryable: false, title: 'There is no such artifact for this tenant', remedy: 'Check the artifact address; it must lie within the bucket area of the tenant.' },
  ARTIFACT_CORRUPT: { status: 500, retryable: false, title: 'A stored artifact does not match its digest', remedy: 'Restore the object from the versioned bucket or a backup, or delete it and ingest the document again.' },
  DUPLICATE_DOCUMENT: { status: 422, retryable: false, title: 'The request names the same document more than once', remedy: 'Send each document once, or give each an "id" of its own.' },
  VERIFICATION_FAILED: { status: 500, retryable: true, title: 'The index does not hold exactly the chunks that were written', remedy: 'The write is retried; if it recurs, check the vector database.' },
  GENERATION_INCOMPLETE: { status: 500, retryable: false, title: 'A new generation of the index is not what it should be', remedy: 'The present one goes on serving, and nothing is lost. See what the detail names: run a consistency audit if artifacts are missing, then start the change again.' },
  BACKUP_NOT_CONFIGURED: { status: 409, retryable: false, title: 'Backups are not configured', remedy: 'Set CATALYST_BACKUP_BUCKET and CATALYST_BACKUP_DATABASE_URL for API and worker (docs/guides/backup.md).' },
  BACKUP_CORRUPT: { status: 500, retryable: false, title: 'A backup is not what was written', remedy: 'Use another backup; run "catalyst backup verify --deep" on it first. Look who can write to the backup bucket.' },
  RESTORE_REFUSED: { status: 409, retryable: false, title: 'The backup cannot be restored here', remedy: 'Restore into an empty stack (no rows, no points) of the release that made the backup, with the same bucket name and embedding contract; the detail names what differs.' },
  REINDEX_BUDGET_EXHAUSTED: { status: 402, retryable: false, title: 'The change to another model has used up its tokens', remedy: 'Approve more with `catalyst index reindex --maximum-tokens N`: it goes on where it was, and what was made is kept.' },
  CANCELLED: { status: 409, retryable: false, title: 'The work was cancelled', remedy: 'Ingest the document again if it is still wanted.' },
  UNDONE: { status: 409, retryable: false, title: 'What a job had made of the document was taken back', remedy: 'Ingest the document again if it is still wanted; a retry of the job leaves it out.' },
  // What the product depends on.
  ARTIFACT_STORE_UNAVAILABLE: { status: 503, retryable: true, title: 'The artifact store (S3) does not answer', remedy: 'Check S3_ENDPOINT, the credentials and that the store is up.' },
  REGISTRY_UNAVAILABLE: { status: 503, retryable: true, title: 'The registry (Postgres) does not answer', remedy: 'Check DATABASE_URL and that Postgres is up.' },
  INDEX_UNAVAILABLE: { status: 503, retryable: true, title: 'The vector index (Qdrant) does not answer', remedy: 'Check QDRANT_URL and that Qdrant is up.' },
  INDEX_REJECTED: { status: 500, retryable: false, title: 'The vector index refused a request', remedy: 'See the detail; collection and product version may not fit each other.' },
  WORKFLOWS_UNAVAILABLE: { status: 503, retryable: true, title: 'The workflow service (Temporal) does not answer', remedy: 'Check TEMPORAL_ADDRESS and that Temporal is up.' },
  EMBEDDER_UNAVAILABLE: { status: 503, retryable: true, title: 'The embedding model does not answer', remedy: 'Check the embedding settings (CATALYST_EMBEDDING_*) and the model files or endpoint.' },
  EMBEDDER_RATE_LIMITED: { status: 503, retryable: true, title: 'The embedding endpoint asks to slow down', remedy: 'Wait; retries honour the time it names.' },
  EMBEDDER_REJECTED: { status: 500, retryable: false, title: 'The embedding endpoint refused a request', remedy: 'Check its key, model name and limits.' },
  RERANKER_UNAVAILABLE: { status: 503, retryable: true, title: 'The reranker does not answer', remedy: 'Check CATALYST_RERANKER_URL (or the model files) and that the service is up; searches answer in the fused order meanwhile.' },
  RERANKER_RATE_LIMITED: { status: 503, retryable: true, title: 'The reranker asks to slow down', remedy: 'Wait; it is not asked again before the time it names. If it recurs, raise the limits of the account.' },
  RERANKER_REJECTED: { status: 500, retryable: false, title: 'The reranker refuses to work for this deployment', remedy: 'Check CATALYST_RERANKER_API_KEY, CATALYST_RERANKER_URL, CATALYST_RERANKER_MODEL and the limits of the account.' },
  RERANKER_REQUEST_REFUSED: { status: 502, retryable: false, title: 'The reranker would not take this request', remedy: 'See the detail: the query or the passages may be too long for the model. Lower CATALYST_CHUNK_TOKENS or CATALYST_RERANKER_CANDIDATES, or choose a model that takes more.' },
  RERANKER_MALFORMED: { status: 502, retryable: true, title: 'The reranker answered something that is not a ranking of the candidates', remedy: 'Check that CATALYST_RERANKER names the kind of service that answers at CATALYST_RERANKER_URL; see the detail.' },
  INDEX_MOVED: { status: 503, retryable: true, title: 'The index was led to vectors of another model meanwhile', remedy: 'Try again: what was begun with the model before is begun anew with the one that serves now. If it recurs, give every process both models (CATALYST_NEXT_EMBEDDING_*) before the index is changed.' },
  EMBEDDING_CONTRACT_MISMATCH: { status: 500, retryable: false, title: 'The index was built with another embedding contract', remedy: 'Configure the model the index was built with, as CATALYST_EMBEDDING_* or, beside another one that it is to be changed to, as CATALYST_NEXT_EMBEDDING_*; or use another collection alias.' },
  FETCHER_UNAVAILABLE: { status: 503, retryable: true, title: 'The fetch service (Firecrawl) does not answer', remedy: 'Check FIRECRAWL_API_URL, FIRECRAWL_API_KEY and the state of the service.' },
  FETCHER_REJECTED: { status: 500, retryable: false, title: 'The fetch service (Firecrawl) refused the request', remedy: 'Check FIRECRAWL_API_KEY and the remaining credits.' },
  FETCHER_CREDITS_EXHAUSTED: { status: 402, retryable: false, pausesJob: true, title: 'The fetch service (Firecrawl) has no credits left', remedy: 'Add credits there, then resume the job: it is paused, and nothing is lost.' },
  BUDGET_EXHAUSTED: { status: 402, retryable: false, pausesJob: true, title: 'The budget of the job is used up', remedy: 'Approve the job with a higher budget to go on, or cancel it: it is paused, and nothing is lost.' },
  TENANT_BUDGET_EXHAUSTED: { status: 402, retryable: false, pausesJob: true, title: 'The budget of the tenant for this month is used up', remedy: 'Wait for the next month, or have the operator raise the hard budget of the tenant: in the policy of the tenant where that has the number (`catalyst tenant change TENANT --policy FILE`), else in CATALYST_BUDGETS. Then resume the jobs that rest: nothing is lost.' },
  QUOTA_EXCEEDED: { status: 402, retryable: false, title: 'The tenant holds as much as it may', remedy: 'Delete what is no longer needed, wait until jobs have finished, or have the operator raise the quota of the tenant: in the policy of the tenant where that has the number (`catalyst tenant change TENANT --policy FILE`), else in CATALYST_QUOTAS.' },
  JOB_PAUSED: { status: 409, retryable: false, pausesJob: true, title: 'The job is paused', remedy: 'Resume or approve the job: nothing is lost.' },
  THROTTLED: { status: 429, retryable: true, title: 'Others are using all that a site, service or tenant allows at once', remedy: 'Wait; the work is taken up again by itself.' },
  RATE_LIMITED: { status: 429, retryable: true, title: 'The caller or the tenant has sent as many requests as are allowed in a minute', remedy: 'Wait for the time that Retry-After names, then go on; the headers RateLimit-Policy and RateLimit tell what is allowed and what is left.' },
  SEARCH_QUOTA_EXHAUSTED: { status: 429, retryable: false, title: 'The tenant has made as many searches as it may make a day', remedy: 'Wait until the next day by UTC, which Retry-After names in seconds, or have the operator raise the quota of the tenant: in the policy of the tenant where that has the number (`catalyst tenant change TENANT --policy FILE`), else in CATALYST_QUOTAS. GET /v1/usage tells what is left.' },
  OVERLOADED: { status: 429, retryable: true, title: 'The process has more requests than it can answer in good time', remedy: 'Wait for the time that Retry-After names, then try again; where it recurs, send fewer at once or run more API processes.' },
  NOT_IN_PRODUCTION: { status: 403, retryable: false, title: 'This exists for development and tests only', remedy: 'Use POST /v1/ingest/bulk, which runs durably.' },
  JOB_NOT_RUNNING: { status: 409, retryable: false, title: 'The job is finished', remedy: 'Only a job in work can be steered so; retry its failed documents or start a new job.' },
  AUTHENTICATION_UNAVAILABLE: { status: 503, retryable: true, title: 'What proves the caller cannot be read', remedy: 'For tokens check CATALYST_AUTH_JWKS_URL and that the token issuer is up; for API keys, that Postgres is.' },
  PRINCIPAL_REFUSED: { status: 403, retryable: false, title: 'A workflow may not act for whom it acts', remedy: 'Work is begun through the API alone, which signs for whom it is. See what started the workflow; work that was begun before principals were signed is accepted while CATALYST_UNSIGNED_WORKFLOWS is accept (docs/guides/temporal-security.md).' },
  PRINCIPAL_KEY_UNKNOWN: { status: 503, retryable: true, title: 'A workflow was signed by a key that this process does not hold', remedy: 'Give every process all keys of CATALYST_PRINCIPAL_KEYS before one of them signs, and keep a key for as long as work that it signed runs; the work is tried again for an hour.' },
  VAULT_KEY_UNKNOWN: { status: 503, retryable: true, title: 'The vault of personal data needs a key that this process does not hold', remedy: 'Give every process the CATALYST_VAULT_NAME_KEY that the vault was begun with, and all keys of CATALYST_VAULT_KEYS that entries are encrypted by: the detail names the key. The work is tried again for an hour.' },
  VAULT_UNREADABLE: { status: 500, retryable: false, title: 'An entry of the vault of personal data cannot be decrypted', remedy: 'It was changed in the database, or the key of that name is another one. Put the key back, or delete the documents that use the entry and ingest them again.' },
  VAULT_OFF: { status: 409, retryable: false, title: 'This deployment has no vault of personal data', remedy: 'Have the operator set CATALYST_VAULT_KEYS and CATALYST_VAULT_NAME_KEY, and switch "reversible" on in the search settings of the tenant; what was redacted before cannot be brought back.' },
  PAYLOAD_UNREADABLE: { status: 422, retryable: false, title: 'A payload of Temporal cannot be decrypted', remedy: 'It was changed, or is of another tenant than the workflow that it came with. See what wrote it; a document that it belongs to is ingested again by a new job.' },
  PAYLOAD_KEY_UNKNOWN: { status: 503, retryable: true, title: 'A payload of Temporal was encrypted by a key that this process does not hold', remedy: 'Give every process all keys of CATALYST_PAYLOAD_KEYS before one of them encrypts, and keep a key for as long as histories that it encrypted are kept.' },
  AUDIT_UNAVAILABLE: { status: 503, retryable: true, title: 'The audit log cannot be written', remedy: 'Nothing was done: what is not recorded is not carried out. Try again; where it recurs, the operator finds the cause in the log of the API (see docs/runbooks/on-call.md).' },
  STARTING: { status: 503, retryable: true, title: 'The service is still starting', remedy: 'Send the request again in a few seconds; GET /startupz tells when the start is done.' },
  SHUTTING_DOWN: { status: 503, retryable: true, title: 'The service is shutting down', remedy: 'Send the request again; another process will take it.' },
  CONFIGURATION_INVALID: { status: 500, retryable: false, title: 'The configuration is not valid', remedy: 'Correct the variables named in the detail.' },
  INTERNAL: { status: 500, retryable: true, title: 'Something failed that has no name yet', remedy: 'Try again; if it recurs, report the request id.' },
} as const satisfies Record<string, ErrorClass>;

export type ErrorCode = keyof typeof errorTable;

/** One field (JSON pointer into the request) and why it was refused. */
export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface CatalystErrorOptions {
  readonly cause?: unknown;
  /** Milliseconds the other side asked to wait before the next try (its Retry-After). */
  readonly retryAfterMs?: number;
  readonly problems?: readonly FieldProblem[];
}

/** Thrown wherever something fails that has a class; `message` is a plain sentence for the reader. */
export class CatalystError extends Error {
  override readonly name = 'CatalystError';
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly problems: readonly FieldProblem[];

  constructor(code: ErrorCode, message: string, options: CatalystErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.problems = options.problems ?? [];
  }

  get class(): ErrorClass {
    return errorTable[this.code];
  }
}

/** Any thrown value as a CatalystError: itself, or INTERNAL with the original as its cause. */
export function toCatalystError(thrown: unknown): CatalystError {
  if (thrown instanceof CatalystError) return thrown;
  return new CatalystError('INTERNAL', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
