import type { DiscoveredDocument, DiscoveryRequest, UnreadableDocument } from '../../ports/sourceDiscovery.ts';
import { AddressSet } from './addressSet.ts';
import type { DiscoveryContext } from './discoveryContext.ts';
import type { JobProgress } from './discoveryCursor.ts';
import type { FirecrawlPage } from './firecrawlPage.ts';
import { namePage, rowOf, takePage, type NamedPage, type PageNaming } from './jobResult.ts';

const storedAtOnce = 8;

/** What was taken from a job: across steps which results, within this one their documents. Each result counts once, however often it is delivered. */
export class JobResults {
  readonly documents: DiscoveredDocument[] = [];
  readonly unreadable: UnreadableDocument[] = [];
  readonly #context: DiscoveryContext;
  readonly #request: DiscoveryRequest;
  readonly #naming: PageNaming;
  readonly #rows: AddressSet;
  readonly #addresses: AddressSet;
  readonly #names = new Set<string>();
  #nameless: number;

  constructor(context: DiscoveryContext, request: DiscoveryRequest, naming: PageNaming, job: JobProgress) {
    this.#context = context;
    this.#request = request;
    this.#naming = naming;
    this.#rows = new AddressSet(job.rows);
    this.#addresses = new AddressSet(job.addresses);
    this.#nameless = job.nameless;
  }

  get count(): number {
    return this.#rows.size;
  }

  /** Whether a result was taken that was asked for by this address. */
  hasAddress(asked: string): boolean {
    return this.#addresses.has(asked);
  }

  /** How many of the pages were new. Counts none of them before all are stored: who fails here may try the same pages again. */
  async take(pages: readonly FirecrawlPage[]): Promise<number> {
    const fresh = new Map(pages.map((page) => [rowOf(page), page] as const).filter(([row]) => !this.#rows.has(row)));
    const named = [...fresh.values()].map((page) => namePage(page, this.#naming)).filter((page) => page !== undefined);
    const wanted = new Map(named.filter(({ name }) => this.#naming.isWanted(name) && !this.#names.has(name)).map((page) => [page.name, page] as const));
    const taken = await this.#store([...wanted.values()]);
    for (const row of fresh.keys()) this.#rows.add(row);
    for (const { asked } of named) this.#addresses.add(asked);
    for (const name of wanted.keys()) this.#names.add(name);
    this.#nameless += fresh.size - named.length;
    for (const result of taken) {
      if ('failure' in result) this.unreadable.push(result);
      else this.documents.push(result);
    }
    return fresh.size;
  }

  pack(): Pick<JobProgress, 'rows' | 'addresses' | 'nameless'> {
    return { rows: this.#rows.pack(), addresses: this.#addresses.pack(), nameless: this.#nameless };
  }

  async #store(pages: readonly NamedPage[]): Promise<(DiscoveredDocument | UnreadableDocument)[]> {
    const taken: (DiscoveredDocument | UnreadableDocument)[] = [];
    for (let at = 0; at < pages.length; at += storedAtOnce) {
      taken.push(...(await Promise.all(pages.slice(at, at + storedAtOnce).map((named) => takePage(this.#context, this.#request, named)))));
    }
    return taken;
  }
}
