import { z } from 'zod';
import { artifactReferenceSchema, type ArtifactReference } from '../../../contracts/artifacts.ts';
import { CatalystError, toCatalystError } from '../../../contracts/errors.ts';
import type { SourceDefinition } from '../../../contracts/sources.ts';
import type { DiscoveredDocument, DiscoveryRequest, DiscoveryStep, FrontierEntry, SourceDiscovery, UnreadableDocument } from '../../../ports/sourceDiscovery.ts';
import { createAddressFilter } from '../../shared/addressPatterns.ts';
import { canonicalAddress } from '../../shared/canonicalAddress.ts';
import type { WebClient } from '../../shared/webClient.ts';
import { namedPages } from '../pagesDiscovery.ts';
import { defaultRetryPolicy, nextRetry, type RetryPolicy } from '../retries.ts';
import { concernsPage } from '../unreadable.ts';
import { fetchSitemap, parseSitemap } from './fetchSitemap.ts';
import type { Sitemap } from './readSitemap.ts';

export interface SitemapDiscoveryOptions {
  /** Its creator closes it. */
  readonly web: WebClient;
  readonly retryPolicy?: RetryPolicy;
  /** Documents that a step answers at the most. */
  readonly documentsInStep?: number;
  /** After this time a step begins no further sitemap. */
  readonly stepMs?: number;
}

const cursorSchema = z.object({
  /** A large sitemap that is taken over several steps: its bytes, as they were fetched. */
  partial: z.object({ address: z.string(), reference: artifactReferenceSchema, taken: z.int() }).nullable(),
  retries: z.record(z.string(), z.object({ tries: z.int(), notBefore: z.number() })),
  gaps: z.record(z.string(), z.string()),
});
type SitemapDefinition = Extract<SourceDefinition, { readonly type: 'sitemap' }>;
type Cursor = z.infer<typeof cursorSchema>;

const deepestNesting = 3;
const mostGaps = 20;

/** The pages that a sitemap names, with those it points to, are documents by address, fetched when they are ingested. */
export function createSitemapDiscovery(options: SitemapDiscoveryOptions): SourceDiscovery {
  return { step: (request) => readStep(options, request), cancel: () => Promise.resolve(), close: () => Promise.resolve() };
}

async function readStep(options: SitemapDiscoveryOptions, request: DiscoveryRequest): Promise<DiscoveryStep> {
  const { definition } = request;
  if (definition.type !== 'sitemap') throw new CatalystError('INTERNAL', `A ${definition.type} is not a sitemap.`);
  if (request.cursor === null) {
    options.web.requireFetchable(definition.url);
    const found = [{ address: canonicalAddress(definition.url) ?? definition.url, depth: 0 }];
    return { documents: [], unreadable: [], visited: [], found, cursor: { partial: null, retries: {}, gaps: {} } satisfies Cursor, done: true, gaps: [] };
  }
  const step = new SitemapStep(options, request, definition);
  await step.take();
  return step.toStep();
}

class SitemapStep {
  readonly #options: SitemapDiscoveryOptions;
  readonly #request: DiscoveryRequest;
  readonly #isWanted: (address: string) => boolean;
  readonly #cursor: Cursor;
  readonly #documents = new Map<string, DiscoveredDocument>();
  readonly #unreadable: UnreadableDocument[] = [];
  readonly #visited: string[] = [];
  readonly #found: FrontierEntry[] = [];
  readonly #documentsInStep: number;
  readonly #maximumDocuments: number;
  #room: number;
  #waitMs: number | undefined;

  constructor(options: SitemapDiscoveryOptions, request: DiscoveryRequest, definition: SitemapDefinition) {
    this.#options = options;
    this.#request = request;
    this.#isWanted = createAddressFilter(definition);
    this.#maximumDocuments = definition.maximumDocuments;
    this.#room = definition.maximumDocuments - request.documentsSoFar;
    this.#documentsInStep = options.documentsInStep ?? 5_000;
    this.#cursor = cursorSchema.parse(request.cursor);
  }

  async take(): Promise<void> {
    const until = performance.now() + (this.#options.stepMs ?? 8_000);
    if (this.#cursor.partial !== null) await this.#takeRest(this.#cursor.partial);
    for (const entry of this.#request.entries) {
      if (this.#cursor.partial !== null || this.#documents.size >= this.#documentsInStep || performance.now() >= until) return;
      const wait = (this.#cursor.retries[entry.address]?.notBefore ?? 0) - Date.now();
      if (wait > 0) this.#wait(wait);
      else if (this.#room <= 0) this.#leaveOut(entry);
      else await this.#takeSitemap(entry);
      this.#request.progress({ documents: this.#documents.size });
    }
  }

  toStep(): DiscoveryStep {
    return {
      documents: [...this.#documents.values()],
      unreadable: this.#unreadable,
      visited: this.#visited,
      found: this.#found,
      cursor: this.#cursor,
      done: this.#cursor.partial === null,
      gaps: Object.values(this.#cursor.gaps),
      ...(this.#waitMs === undefined || this.#visited.length > 0 ? {} : { waitMs: Math.ceil(this.#waitMs) }),
    };
  }

  async #takeSitemap(entry: FrontierEntry): Promise<void> {
    const fetched = await this.#fetch(entry);
    if (fetched === undefined) return;
    const { sitemap, bytes } = fetched;
    this.#finish(entry.address);
    if (sitemap.isCut) this.#miss(entry.address, `The sitemap ${entry.address} has more entries than are read.`);
    if (entry.depth < deepestNesting) this.#found.push(...sitemap.sitemaps.map((text) => canonicalAddress(text, entry.address)).filter((address) => address !== undefined).map((address) => ({ address, depth: entry.depth + 1 })));
    else if (sitemap.sitemaps.length > 0) this.#miss(entry.address, `The sitemap ${entry.address} is nested too deep: what it points to was left out.`);
    await this.#takePages(entry.address, sitemap, 0, () => this.#request.store(bytes, 'application/xml'));
  }

  async #takeRest({ address, reference, taken }: NonNullable<Cursor['partial']>): Promise<void> {
    const sitemap = parseSitemap(await this.#request.load(reference), address);
    this.#cursor.partial = null;
    await this.#takePages(address, sitemap, taken, () => Promise.resolve(reference));
  }

  async #takePages(address: string, sitemap: Sitemap, from: number, keep: () => Promise<ArtifactReference>): Promise<void> {
    const upTo = from + this.#documentsInStep;
    const wanted = sitemap.pages.slice(from, upTo).flatMap(({ address: text, ...page }) => {
      const canonical = canonicalAddress(text, address);
      return canonical === undefined || this.#isWanted(canonical) ? [{ ...page, address: canonical ?? text }] : [];
    });
    const { documents, unreadable } = namedPages(this.#options.web, wanted);
    for (const document of documents) {
      if (this.#documents.has(document.sourceKey)) continue;
      if (this.#room <= 0) return this.#reachLimit();
      this.#room -= 1;
      this.#documents.set(document.sourceKey, document);
    }
    this.#unreadable.push(...unreadable);
    if (sitemap.pages.length > upTo) this.#cursor.partial = { address, reference: await keep(), taken: upTo };
  }

  /** Undefined where the sitemap cannot be read (now). That of the first is the failure of the source. */
  async #fetch(entry: FrontierEntry): Promise<Awaited<ReturnType<typeof fetchSitemap>> | undefined> {
    try {
      return await fetchSitemap(this.#options.web, entry.address, this.#request.signal);
    } catch (thrown) {
      const error = toCatalystError(thrown);
      if (entry.depth === 0 || !(concernsPage(error) || error.code === 'CORRUPT_DOCUMENT' || error.code === 'THROTTLED')) throw error;
      const retry = nextRetry(this.#options.retryPolicy ?? defaultRetryPolicy, error, this.#cursor.retries[entry.address]);
      if (retry !== undefined) {
        this.#cursor.retries[entry.address] = retry;
        this.#wait(retry.notBefore - Date.now());
      } else {
        this.#finish(entry.address);
        this.#miss(entry.address, `The sitemap ${entry.address} cannot be read (${error.code}): pages that only it names may be missing.`);
      }
      return undefined;
    }
  }

  #leaveOut(entry: FrontierEntry): void {
    this.#finish(entry.address);
    this.#reachLimit();
  }

  #reachLimit(): void {
    this.#cursor.gaps['limit'] = `The limit of ${this.#maximumDocuments} documents was reached: the sitemap names more pages.`;
  }

  #miss(address: string, sentence: string): void {
    if (Object.keys(this.#cursor.gaps).length < mostGaps) this.#cursor.gaps[address] ??= sentence;
    else this.#cursor.gaps['others'] = 'Some more sitemaps cannot be read, or not wholly: pages that only they name may be missing.';
  }

  #finish(address: string): void {
    this.#visited.push(address);
    const { [address]: _done, ...retries } = this.#cursor.retries;
    this.#cursor.retries = retries;
  }

  #wait(ms: number): void {
    this.#waitMs = Math.min(this.#waitMs ?? ms, ms);
  }
}
