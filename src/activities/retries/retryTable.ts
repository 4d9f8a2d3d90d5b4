import type { ErrorCode } from '../../contracts/errors.ts';

/** How a class of failures is tried again. `docs/reference/retries.md` is made from this table. */
export interface RetryRule {
  readonly title: string;
  readonly codes: readonly ErrorCode[];
  /** Tries that failures of this class may use up, the first included; null: as many as fit into `totalMs`. */
  readonly attempts: number | null;
  /** Pause before the second try; each further one is `factor` times as long, up to `longestMs`. What the other side asks for (Retry-After) goes before. */
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
  /** From the first failure of this class on. */
  readonly totalMs: number;
}

const second = 1_000;
const hour = 3_600 * second;

/**
 * An outage of what the product itself depends on is waited for; a site on the internet that stays down is given up, so that the job can
 * end. Each class counts its own tries: waiting for a free slot uses up none of those that a failing site has. Codes that no rule names
 * cannot be mended by a try.
 */
export const retryTable = {
  site: { title: 'A site fails', codes: ['FETCH_FAILED', 'FETCH_TIMEOUT', 'FETCH_UNREACHABLE'], attempts: 5, firstMs: 2 * second, factor: 3, longestMs: 60 * second, totalMs: hour },
  askedToWait: { title: 'A site or fetch service asks to slow down', codes: ['FETCH_RATE_LIMITED'], attempts: 10, firstMs: 5 * second, factor: 2, longestMs: 300 * second, totalMs: 6 * hour },
  throttled: { title: 'Others use all that is allowed at once', codes: ['THROTTLED', 'RATE_LIMITED', 'IDEMPOTENCY_IN_PROGRESS'], attempts: null, firstMs: second, factor: 1.5, longestMs: 15 * second, totalMs: 24 * hour },
  dependency: {
    title: 'A part that the product depends on is away',
    codes: ['ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE', 'INDEX_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE', 'EMBEDDER_UNAVAILABLE', 'EMBEDDER_RATE_LIMITED', 'FETCHER_UNAVAILABLE', 'AUTHENTICATION_UNAVAILABLE', 'AUDIT_UNAVAILABLE', 'STARTING', 'SHUTTING_DOWN', 'OVERLOADED', 'RERANKER_UNAVAILABLE', 'RERANKER_RATE_LIMITED', 'RERANKER_MALFORMED'],
    attempts: null,
    firstMs: second,
    factor: 2,
    longestMs: 30 * second,
    totalMs: 24 * hour,
  },
  keys: { title: 'A key is not known here yet', codes: ['PRINCIPAL_KEY_UNKNOWN', 'PAYLOAD_KEY_UNKNOWN'], attempts: null, firstMs: 2 * second, factor: 2, longestMs: 60 * second, totalMs: hour },
  verification: { title: 'A count does not fit', codes: ['VERIFICATION_FAILED', 'INDEX_MOVED'], attempts: 10, firstMs: second, factor: 2, longestMs: 30 * second, totalMs: hour },
  unknown: { title: 'A failure without a name', codes: ['INTERNAL'], attempts: 8, firstMs: second, factor: 2, longestMs: 30 * second, totalMs: hour },
} as const satisfies Record<string, RetryRule>;

export type RetryClass = keyof typeof retryTable;

export function retryClassOf(code: ErrorCode): RetryClass | undefined {
  return (Object.keys(retryTable) as RetryClass[]).find((name) => (retryTable[name].codes as readonly ErrorCode[]).includes(code));
}
