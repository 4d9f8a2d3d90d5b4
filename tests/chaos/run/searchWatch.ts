import { setTimeout as sleep } from 'node:timers/promises';
import { CatalystApiError } from '../../../src/sdk/apiError.ts';
import { isTransient } from '../../../src/sdk/retryPolicy.ts';
import type { CatalystClient } from '../../../src/sdk/client.ts';

export interface SearchTally {
  /** Searches that found what is there. */
  readonly found: number;
  /** Searches that said that something is away. */
  readonly refused: number;
  /** Searches that answered as if what is there were not, or were there twice. */
  readonly wrong: readonly string[];
}

/** A word that stands in one document only. */
export const landmark = { id: 'landmark', title: 'The landmark', text: 'The quixotic zephyrometer stands beside the old weighbridge.', query: 'zephyrometer' } as const;

const betweenSearchesMs = 1_000;

/** Searches all the time for a document that was there before the first fault: an outage must never look like no results. */
export class SearchWatch {
  readonly #newClient: () => Promise<CatalystClient>;
  #found = 0;
  #refused = 0;
  readonly #wrong: string[] = [];
  #watching: Promise<void> | undefined;
  #stopped = false;

  constructor(newClient: () => Promise<CatalystClient>) {
    this.#newClient = newClient;
  }

  get tally(): SearchTally {
    return { found: this.#found, refused: this.#refused, wrong: this.#wrong };
  }

  start(): void {
    this.#watching ??= this.#watch();
  }

  async stop(): Promise<SearchTally> {
    this.#stopped = true;
    await this.#watching;
    return this.tally;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      await this.#search();
      await sleep(betweenSearchesMs);
    }
  }

  async #search(): Promise<void> {
    try {
      // Sparse: a word that stands nowhere else has one right answer.
      const { results } = await (await this.#newClient()).search({ query: landmark.query, mode: 'sparse' });
      const titles = results.map(({ document }) => document.title);
      if (titles.length === 1 && titles[0] === landmark.title) this.#found += 1;
      else this.#wrong.push(`${results.length} results for "${landmark.query}": ${titles.join(', ')}`);
    } catch (error) {
      if (error instanceof CatalystApiError && isTransient(error)) this.#refused += 1;
      else this.#wrong.push(error instanceof Error ? error.message : String(error));
    }
  }
}
