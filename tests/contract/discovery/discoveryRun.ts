import { setTimeout as delay } from 'node:timers/promises';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { digestOf } from '../../../src/contracts/identifiers.ts';
import type { SourceDefinition } from '../../../src/contracts/sources.ts';
import type { DiscoveredDocument, DiscoveryStep, FrontierEntry, SourceDiscovery, StoredDocument, UnreadableDocument } from '../../../src/ports/sourceDiscovery.ts';

export interface RunOptions {
  readonly discovery: SourceDiscovery;
  readonly definition: SourceDefinition;
  /** What earlier runs stored. */
  readonly stored?: ReadonlyMap<string, StoredDocument>;
  readonly bytes?: ByteStore;
  /** How a step of this number is cut off; then it is taken again. Asked once for every try. */
  readonly crash?: (step: number) => 'midway' | 'before it was recorded' | undefined;
  readonly entriesInStep?: number;
  readonly longestWaitMs?: number;
}

export interface RunResult {
  readonly documents: ReadonlyMap<string, DiscoveredDocument>;
  readonly unreadable: ReadonlyMap<string, UnreadableDocument>;
  readonly gaps: readonly string[];
  readonly steps: number;
  readonly cursorBytes: number;
}

/** Bytes by digest, as the artifact store keeps them. */
export class ByteStore {
  readonly #bytes = new Map<string, Uint8Array>();

  store = (bytes: Uint8Array, mediaType: string): Promise<ArtifactReference> => {
    const digest = digestOf(bytes);
    this.#bytes.set(digest, bytes);
    return Promise.resolve({ uri: `s3://test/${digest}`, offset: 0, length: bytes.byteLength, digest, mediaType });
  };

  load = ({ digest, uri }: ArtifactReference): Promise<Uint8Array> => {
    const bytes = this.#bytes.get(digest);
    return bytes === undefined ? Promise.reject(new CatalystError('ARTIFACT_NOT_FOUND', `There is no ${uri}.`)) : Promise.resolve(bytes);
  };

  forget(digest: string): void {
    this.#bytes.delete(digest);
  }
}

/** Acts as the registry and the workflow do: keeps frontier and cursor, records a step as a whole, and takes one again that was cut off. */
export async function runDiscovery(options: RunOptions): Promise<RunResult> {
  const bytes = options.bytes ?? new ByteStore();
  const frontier = new Map<string, { readonly depth: number; visited: boolean }>();
  const documents = new Map<string, DiscoveredDocument>();
  const unreadable = new Map<string, UnreadableDocument>();
  const gaps = new Set<string>();
  let cursor: unknown = null;
  for (let steps = 1; steps < 3_000; steps += 1) {
    const entries: FrontierEntry[] = [...frontier].filter(([, { visited }]) => !visited).sort(([, left], [, right]) => left.depth - right.depth).slice(0, options.entriesInStep ?? 20).map(([address, { depth }]) => ({ address, depth }));
    const crash = options.crash?.(steps);
    const abort = new AbortController();
    let progress = 0;
    const running = options.discovery.step({
      tenant: 'acme',
      jobId: 'job',
      definition: options.definition,
      entries,
      cursor,
      documentsSoFar: documents.size,
      signal: abort.signal,
      progress: () => {
        if (crash === 'midway' && (progress += 1) >= 2) abort.abort(new Error('the worker died'));
      },
      store: bytes.store,
      load: bytes.load,
      findStored: (keys) => Promise.resolve(new Map(keys.flatMap((key) => (options.stored?.has(key) === true ? [[key, options.stored.get(key)!]] : [])))),
    });
    if (crash !== undefined) {
      await running.catch(() => undefined);
      continue;
    }
    const step = JSON.parse(JSON.stringify(await running)) as DiscoveryStep;
    for (const document of step.documents) if (!documents.has(document.sourceKey)) documents.set(document.sourceKey, document);
    for (const page of step.unreadable) unreadable.set(page.sourceKey, page);
    for (const { address, depth } of step.found) if (!frontier.has(address)) frontier.set(address, { depth, visited: false });
    for (const address of step.visited) frontier.set(address, { depth: frontier.get(address)?.depth ?? 0, visited: true });
    for (const gap of step.gaps) gaps.add(gap);
    cursor = step.cursor;
    if (step.done && [...frontier.values()].every(({ visited }) => visited)) return { documents, unreadable, gaps: [...gaps], steps, cursorBytes: JSON.stringify(cursor).length };
    if (step.waitMs !== undefined) await delay(Math.min(step.waitMs, options.longestWaitMs ?? 5_000));
  }
  throw new Error('the run does not come to an end');
}

/** What a run keeps for the next one. */
export function storedBy(result: RunResult): Map<string, StoredDocument> {
  return new Map([...result.documents].flatMap(([key, { origin }]) => (origin.type === 'stored' ? [[key, { raw: origin.reference, fetched: origin.fetched ?? null }]] : [])));
}
