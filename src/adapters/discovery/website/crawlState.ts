import type { CatalystError } from '../../../contracts/errors.ts';
import type { DiscoveredDocument, DiscoveryStep, FrontierEntry, UnreadableDocument } from '../../../ports/sourceDiscovery.ts';
import { nextRetry, type Retry, type RetryPolicy } from '../retries.ts';
import { packDigests, unpackDigests, type WebsiteCursor } from './websiteCursor.ts';

/** What a step has gathered, on top of what the steps before it knew. Nothing is changed outside: a step that is taken again begins anew. */
export class CrawlState {
  readonly documents: DiscoveredDocument[] = [];
  readonly unreadable: UnreadableDocument[] = [];
  readonly hosts: Set<string>;
  readonly digests: Set<string>;
  readonly chains: Map<string, string[]>;
  readonly variations: Map<string, number>;
  readonly #visited = new Set<string>();
  readonly #found = new Map<string, number>();
  readonly #retries: Map<string, Retry>;
  readonly #gaps: Map<string, string>;
  #waitMs: number | undefined;

  constructor(cursor: WebsiteCursor) {
    this.hosts = new Set(cursor.hosts);
    this.digests = unpackDigests(cursor.digests);
    this.chains = new Map(Object.entries(cursor.chains));
    this.variations = new Map(Object.entries(cursor.variations));
    this.#retries = new Map(Object.entries(cursor.retries));
    this.#gaps = new Map(Object.entries(cursor.gaps));
  }

  /** The address needs no further look. */
  finish(address: string): void {
    this.#visited.add(address);
    this.#retries.delete(address);
    this.chains.delete(address);
  }

  find(entry: FrontierEntry): void {
    const known = this.#found.get(entry.address);
    if (known === undefined || known > entry.depth) this.#found.set(entry.address, entry.depth);
  }

  /** The first sentence of a kind stands. */
  miss(kind: string, sentence: string): void {
    if (!this.#gaps.has(kind)) this.#gaps.set(kind, sentence);
  }

  countGaps(kindPrefix: string): number {
    return [...this.#gaps.keys()].filter((kind) => kind.startsWith(kindPrefix)).length;
  }

  /** Whether the address is waiting for its next try. */
  isWaiting(address: string): boolean {
    const wait = (this.#retries.get(address)?.notBefore ?? 0) - Date.now();
    if (wait > 0) this.#waitMs = Math.min(this.#waitMs ?? wait, wait);
    return wait > 0;
  }

  /** Keeps the address for another try; false where the failure is final. */
  keepForRetry(policy: RetryPolicy, address: string, error: CatalystError): boolean {
    const retry = nextRetry(policy, error, this.#retries.get(address));
    if (retry === undefined) return false;
    this.#retries.set(address, retry);
    this.isWaiting(address);
    return true;
  }

  toStep(): DiscoveryStep {
    const cursor: WebsiteCursor = {
      hosts: [...this.hosts],
      retries: Object.fromEntries(this.#retries),
      chains: Object.fromEntries(this.chains),
      digests: packDigests(this.digests),
      variations: Object.fromEntries(this.variations),
      gaps: Object.fromEntries(this.#gaps),
    };
    return {
      documents: this.documents,
      unreadable: this.unreadable,
      visited: [...this.#visited],
      found: [...this.#found].map(([address, depth]) => ({ address, depth })),
      cursor,
      done: true,
      gaps: [...this.#gaps.values()],
      // As long as something else can be done there is no need to wait.
      ...(this.#waitMs === undefined || this.#visited.size > 0 ? {} : { waitMs: Math.ceil(this.#waitMs) }),
    };
  }
}
