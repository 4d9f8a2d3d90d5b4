import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalystClient } from '../../src/sdk/client.ts';

export interface LoadReport {
  readonly searches: number;
  /** That were refused, failed, were degraded, or did not find what had been there all the time. */
  readonly failedSearches: number;
  /** Acknowledged: documents written, replaced or deleted. */
  readonly writes: number;
  readonly failedWrites: number;
  /** Of acknowledged writes: what a search does not find as it was written, at the end. */
  readonly lostWrites: number;
  readonly examples: readonly string[];
}

const documentsPerWrite = 4;
const searchers = 2;
const pauseMs = 10;

/** A word that only this version of this document holds. */
const wordOf = (key: string, version: number): string => `quokka${key}v${version}`.replaceAll('-', '');

/**
 * Constant searches and writes of one tenant, and what must be found in the end. Documents named `stable` never change: each search is for one
 * of them, among all by its words or by both legs among itself, and must find it once. The others are written, replaced and deleted all the time.
 */
export class LiveLoad {
  private readonly client: CatalystClient;
  private readonly name: string;
  private readonly stable: number;
  private readonly tail: string;
  private readonly versions = new Map<string, number | undefined>();
  private readonly ids = new Map<string, string>();
  private readonly examples: string[] = [];
  private readonly counts = { searches: 0, failedSearches: 0, writes: 0, failedWrites: 0 };
  private isStopped = false;
  private running: Promise<unknown> = Promise.resolve();

  /** `tail`: more text of each document; default: none. */
  constructor(client: CatalystClient, name: string, stable: number, tail = '') {
    this.client = client;
    this.name = name;
    this.stable = stable;
    this.tail = tail;
  }

  /** Writes what never changes. */
  async prepare(): Promise<void> {
    await this.ingest(Array.from({ length: this.stable }, (_, index) => ({ key: `stable-${index}`, version: 0 })));
  }

  start(): void {
    this.running = Promise.all([this.write(), ...Array.from({ length: searchers }, (_, index) => this.search(index))]);
  }

  /** Ends the load, and looks for everything. */
  async stop(): Promise<LoadReport> {
    this.isStopped = true;
    await this.running;
    const lostWrites = await this.countLost();
    return { ...this.counts, lostWrites, examples: this.examples };
  }

  private async search(first: number): Promise<void> {
    for (let turn = first; !this.isStopped; turn += searchers) {
      const key = `stable-${turn % this.stable}`;
      this.counts.searches += 1;
      try {
        const { results, degraded } = await this.client.search({ query: wordOf(key, 0), limit: 5, ...(turn % 2 === 0 ? { mode: 'sparse' } : { filters: { documents: [this.ids.get(key) ?? ''] } }) });
        const found = results.filter(({ document }) => document.id === this.ids.get(key)).map(({ passage }) => passage);
        // Of one that is cut into several passages each may be found, and none twice.
        const isRight = this.tail === '' ? found.length === 1 : found.length > 0 && new Set(found).size === found.length;
        if (degraded || !isRight) this.fail('failedSearches', `search for ${key}: found ${found.length} times${degraded ? ', degraded' : ''}`);
      } catch (thrown) {
        this.fail('failedSearches', `search for ${key}: ${String(thrown)}`);
      }
      await sleep(pauseMs);
    }
  }

  /** New documents, replaced ones, and one that is deleted, in turns. */
  private async write(): Promise<void> {
    for (let turn = 0; !this.isStopped; turn += 1) {
      const keys = Array.from({ length: documentsPerWrite }, (_, place) => `live-${turn % 3 === 0 ? `${turn}-${place}` : `${turn - (turn % 3)}-${place}`}`);
      try {
        if (turn % 3 === 2) await this.remove(keys.slice(0, 1));
        else await this.ingest(keys.map((key) => ({ key, version: turn })));
      } catch (thrown) {
        this.fail('failedWrites', `write ${turn}: ${String(thrown)}`);
      }
    }
  }

  private async ingest(documents: readonly { readonly key: string; readonly version: number }[]): Promise<void> {
    const { jobId } = await this.client.ingest({ documents: documents.map(({ key, version }) => ({ id: `${this.name}-${key}`, title: `Note ${key}`, text: `The note ${key} tells of ${wordOf(key, version)} and of the ferries that wait in the harbour.${this.tail}` })) });
    const job = await this.client.waitForJob(jobId);
    if (job.state !== 'succeeded') throw new Error(`The job ${jobId} is ${job.state}.`);
    for await (const { index, documentId } of this.client.listJobDocuments(jobId)) {
      const { key, version } = documents[index] as { readonly key: string; readonly version: number };
      this.ids.set(key, documentId);
      this.versions.set(key, version);
      this.counts.writes += 1;
    }
  }

  private async remove(keys: readonly string[]): Promise<void> {
    const { id } = await this.client.deletions.create({ documents: keys.flatMap((key) => this.ids.get(key) ?? []) });
    const deletion = await this.client.deletions.wait(id);
    if (deletion.state !== 'finished') throw new Error(`The deletion ${id} is ${deletion.state}.`);
    for (const key of keys) this.versions.set(key, undefined);
    this.counts.writes += keys.length;
  }

  private async countLost(): Promise<number> {
    let lost = 0;
    for (const [key, version] of this.versions) {
      const { results } = await this.client.search({ query: wordOf(key, version ?? 0), mode: 'sparse', limit: 20 });
      const texts = results.filter(({ document }) => document.id === this.ids.get(key)).map(({ passage }) => passage);
      const isRight = version === undefined ? texts.length === 0 : texts.length === 1 && texts[0]?.includes(wordOf(key, version));
      if (isRight) continue;
      lost += 1;
      this.examples.push(`${key} should be ${version === undefined ? 'gone' : `at version ${version}`}: ${texts.length} passages found`);
    }
    return lost;
  }

  private fail(what: 'failedSearches' | 'failedWrites', example: string): void {
    this.counts[what] += 1;
    if (this.examples.length < 20) this.examples.push(example);
  }
}
