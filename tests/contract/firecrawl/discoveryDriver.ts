import { digestOf } from '../../../src/contracts/identifiers.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { sourceDefinitionSchema, type SourceDefinition } from '../../../src/contracts/sources.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { createFirecrawlDiscovery, type FirecrawlDiscoveryOptions } from '../../../src/adapters/firecrawl/firecrawlDiscovery.ts';
import type { DiscoveredDocument, DiscoveryStep, SourceDiscovery, UnreadableDocument } from '../../../src/ports/sourceDiscovery.ts';

export interface Faults {
  /** Steps (counted over all tries, from 0) whose answer is lost with the process, as a kill before the transaction does. */
  readonly lostAnswers?: readonly number[];
  /** Called after each try of a step; true: the process died meanwhile, whatever it answered. */
  readonly died?: () => boolean;
  /** Stored bytes, counted from 0, at which the store fails. */
  readonly failingStores?: readonly number[];
  /** Called before each step. */
  readonly beforeStep?: (step: number) => void;
}

const mostSteps = 3_000;

/** Acts as the registry and the workflow do: keeps cursor and documents of a step together, and repeats steps that were cut off. */
export class DiscoveryDriver {
  readonly documents = new Map<string, DiscoveredDocument>();
  readonly unreadable = new Map<string, UnreadableDocument>();
  readonly gaps: string[] = [];
  readonly stored = new Map<string, Uint8Array>();
  readonly waits: number[] = [];
  /** Errors that were tried again. */
  readonly retried: CatalystError[] = [];
  steps = 0;
  cursor: unknown = null;
  now = Date.parse('2026-01-01T00:00:00Z');
  readonly definition: SourceDefinition;
  readonly #options: FirecrawlDiscoveryOptions;
  #discovery: SourceDiscovery;
  #stores = 0;

  constructor(definition: object, options: Partial<FirecrawlDiscoveryOptions> & { readonly apiUrl: string }) {
    this.definition = sourceDefinitionSchema.parse(definition);
    this.#options = { apiKey: 'fc-key', timeoutMs: 1_000, maximumBytes: 20_000_000, idempotencyKeys: true, now: () => this.now, ...options };
    this.#discovery = createFirecrawlDiscovery(this.#options);
  }

  get texts(): Map<string, string> {
    return new Map([...this.documents.values()].map(({ sourceKey, origin }) => [sourceKey, origin.type === 'stored' ? Buffer.from(this.stored.get(origin.reference.uri) ?? []).toString() : origin.type]));
  }

  get failures(): Record<string, string> {
    return Object.fromEntries([...this.unreadable.values()].map(({ source, failure }) => [source.location, failure.code]));
  }

  async run(faults: Faults = {}): Promise<this> {
    for (let done = false; !done; ) {
      if (this.steps >= mostSteps) throw new Error(`not done after ${mostSteps} steps`);
      faults.beforeStep?.(this.steps);
      done = await this.#try(faults);
    }
    await this.#discovery.close();
    return this;
  }

  cancel(): Promise<void> {
    return this.#discovery.cancel(this.definition, this.#roundTrip(this.cursor));
  }

  /** One step as its position stands, without recording it. */
  step(faults: Faults = {}): Promise<DiscoveryStep> {
    return this.#discovery.step({
      tenant: 'demo',
      jobId: '0190a000-0000-7000-8000-000000000001',
      definition: this.definition,
      entries: [],
      cursor: this.#roundTrip(this.cursor),
      documentsSoFar: this.documents.size,
      signal: new AbortController().signal,
      progress: () => undefined,
      store: (bytes, mediaType) => this.#store(bytes, mediaType, faults),
      load: () => Promise.reject(new Error('nothing is loaded')),
      findStored: () => Promise.resolve(new Map()),
    });
  }

  record({ documents, unreadable, gaps, cursor, waitMs }: DiscoveryStep): void {
    for (const document of documents) if (!this.documents.has(document.sourceKey) && !this.unreadable.has(document.sourceKey)) this.documents.set(document.sourceKey, document);
    for (const page of unreadable) if (!this.documents.has(page.sourceKey) && !this.unreadable.has(page.sourceKey)) this.unreadable.set(page.sourceKey, page);
    this.gaps.push(...gaps);
    this.cursor = cursor;
    if (waitMs !== undefined) this.waits.push(waitMs);
    this.now += waitMs ?? 0;
  }

  async #try(faults: Faults): Promise<boolean> {
    const number = this.steps;
    this.steps += 1;
    const outcome = await this.step(faults).catch((error: unknown) => error);
    if (faults.died?.() === true || faults.lostAnswers?.includes(number) === true) {
      await this.#discovery.close();
      this.#discovery = createFirecrawlDiscovery(this.#options);
      this.now += 20_000;
      return false;
    }
    if (outcome instanceof CatalystError && outcome.class.retryable) {
      this.retried.push(outcome);
      this.now += outcome.retryAfterMs ?? 1_000;
      return false;
    }
    if (outcome instanceof Error) throw outcome;
    const step = outcome as DiscoveryStep;
    this.record(step);
    return step.done;
  }

  #store(bytes: Uint8Array, mediaType: string, faults: Faults): Promise<ArtifactReference> {
    const number = this.#stores;
    this.#stores += 1;
    if (faults.failingStores?.includes(number) === true) return Promise.reject(new CatalystError('ARTIFACT_STORE_UNAVAILABLE', 'The store is away.'));
    const digest = digestOf(bytes);
    const uri = `s3://bucket/${digest}`;
    this.stored.set(uri, bytes);
    return Promise.resolve({ uri, offset: 0, length: bytes.byteLength, digest, mediaType });
  }

  /** Through JSON, as the registry keeps it. */
  #roundTrip(cursor: unknown): unknown {
    return JSON.parse(JSON.stringify(cursor));
  }
}
