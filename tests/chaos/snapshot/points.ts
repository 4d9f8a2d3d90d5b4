import { embeddedTextOf } from '../../../src/contracts/chunks.ts';
import type { Chunk } from '../../../src/contracts/chunks.ts';
import { canonicalJson, digestOfJson, pointIdOf } from '../../../src/contracts/identifiers.ts';
import { textKey } from '../../support/recordingEmbedder.ts';
import type { Findings } from './snapshot.ts';

export interface PointFindings extends Findings {
  readonly chunks: number;
  readonly texts: ReadonlyMap<string, { readonly tokens: number; readonly chunks: number }>;
}

interface Point {
  readonly id: string;
  readonly vector: unknown;
  readonly payload: { readonly tenant: string; readonly document: string; readonly version: string; readonly visible: boolean; readonly title: string; readonly chunk: Chunk } & Readonly<Record<string, unknown>>;
}

type Versions = ReadonlyMap<string, { readonly versionId: string; readonly chunks: number }>;

/** Every point of every collection: its content, and that it stands there once, visible, as its document's version. */
export async function inspectPoints(url: string, tenant: string, versions: Versions): Promise<PointFindings> {
  const facts = new Map<string, string>();
  const violations: string[] = [];
  const texts = new Map<string, { tokens: number; chunks: number }>();
  const perDocument = new Map<string, number>();
  const { collections } = await ask<{ collections: { name: string }[] }>(url, 'GET', '/collections');
  facts.set('collections', canonicalJson(collections.map(({ name }) => name).sort()));
  facts.set('aliases', canonicalJson(await ask(url, 'GET', '/aliases')));
  for (const { name } of collections) {
    for await (const point of scroll(url, name)) {
      const { document, chunk, title } = point.payload;
      const fact = `point ${document} ${chunk.ordinal}`;
      if (facts.has(fact)) violations.push(`${fact} stands there twice`);
      facts.set(fact, contentOf(point));
      violations.push(...placeViolations(point, tenant, versions));
      perDocument.set(document, (perDocument.get(document) ?? 0) + 1);
      const key = textKey(embeddedTextOf(title, chunk));
      texts.set(key, { tokens: chunk.tokens, chunks: (texts.get(key)?.chunks ?? 0) + 1 });
    }
  }
  for (const [document, { chunks }] of versions) {
    if (perDocument.get(document) !== chunks) violations.push(`document ${document} has ${perDocument.get(document) ?? 0} points, ${chunks} are registered`);
  }
  return { facts, violations, texts, chunks: [...perDocument.values()].reduce((sum, count) => sum + count, 0) };
}

/** Digests of what is stored, by part, so that a difference tells where it lies. The version and its time are of the run. */
function contentOf({ payload, vector }: Point): string {
  const { version: _version, sequence: _sequence, ingestedAt: _ingestedAt, visible: _visible, visibleFrom: _visibleFrom, chunk, ...attributes } = payload;
  const { text, ...place } = chunk;
  const short = (value: unknown): string => digestOfJson(value).slice(7, 19);
  return canonicalJson({ text: short(text), place: short(place), attributes: short(attributes), vectors: short(vector) });
}

function placeViolations({ id, payload }: Point, tenant: string, versions: Versions): string[] {
  const { document, version, visible, chunk } = payload;
  const name = `point ${document} ${chunk.ordinal}`;
  const found: string[] = [];
  if (payload.tenant !== tenant) found.push(`${name} is of tenant ${payload.tenant}`);
  if (!visible) found.push(`${name} is hidden`);
  if (versions.get(document)?.versionId !== version) found.push(`${name} is of version ${version}, which is not the registered one`);
  if (id !== pointIdOf(version, chunk.ordinal)) found.push(`${name} has the id ${id}`);
  return found;
}

async function* scroll(url: string, collection: string): AsyncGenerator<Point> {
  for (let offset: unknown = undefined; offset !== null; ) {
    const page = await ask<{ points: Point[]; next_page_offset?: unknown }>(url, 'POST', `/collections/${collection}/points/scroll`, { limit: 500, with_payload: true, with_vector: true, offset });
    yield* page.points;
    offset = page.next_page_offset ?? null;
  }
}

async function ask<Result>(url: string, method: string, path: string, body?: unknown): Promise<Result> {
  const response = await fetch(url + path, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { result: Result }).result;
}
