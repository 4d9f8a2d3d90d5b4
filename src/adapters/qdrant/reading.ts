import { z } from 'zod';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ChunkSearch, LegHit, LegName, LegQuery } from '../../ports/chunkSearch.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ChunkPayload } from '../../ports/vectorIndex.ts';
import { chunkFilter, pointFilter, statisticsFilter } from '../../tenancy/chunkFilter.ts';
import { sparseVector } from './collectionSchema.ts';
import { createFacet } from './facets.ts';
import { fromStored, tokenCodesField } from './payload.ts';
import type { Placements } from './placements.ts';
import type { RestClient } from './restClient.ts';
import type { ServingVectors } from './servingVectors.ts';
import { understood } from './understood.ts';
import { denseText, sparseText } from './vectorText.ts';

export interface ReadingOptions {
  readonly placements: Placements;
  /** Of the vectors that searches come with, and are given. */
  readonly contract: EmbeddingContract;
  readonly statisticsPerTenant: boolean;
}

export function createReading(client: RestClient, serving: ServingVectors, options: ReadingOptions): ChunkSearch {
  const pointsOf = (principal: Principal): string => `${options.placements.pathFor(principal.tenant)}/points`;
  return {
    facet: createFacet(client, options.placements),

    async queryLegs(principal, filters, query) {
      const filter = JSON.stringify(chunkFilter(principal, filters, query.excludedDocuments));
      const statistics = options.statisticsPerTenant ? `,"params":{"idf":{"corpus":${JSON.stringify(statisticsFilter(principal))}}}` : '';
      const denseVector = query.dense === undefined ? undefined : await serving.nameFor(principal.tenant, options.contract);
      const legs = legTexts(query, denseVector, `"filter":${filter},"limit":${query.limit},"with_payload":false`, statistics);
      if (legs.length === 0) return {};
      const body = `{"searches":[${legs.map(({ text }) => text).join(',')}]}`;
      const result = await serving.watching(principal.tenant, () => client.result({ operation: 'search', method: 'POST', path: `${pointsOf(principal)}/query/batch`, body }));
      return hitsByLeg(legs.map(({ name }) => name), result);
    },

    async documentVectors(principal, documentId, limit) {
      const filter = chunkFilter(principal, { documents: [documentId] });
      const denseVector = await serving.nameFor(principal.tenant, options.contract);
      const body = JSON.stringify({ filter, limit, with_payload: false, with_vector: [denseVector, sparseVector] });
      const result = await serving.watching(principal.tenant, () => client.result({ operation: 'read vectors', method: 'POST', path: `${pointsOf(principal)}/scroll`, body }));
      return understood(vectorsSchema, result, 'read vectors').points.map(({ vector: { [sparseVector]: sparse, ...rest } }) => ({ dense: denseOf(rest, denseVector), sparse }));
    },

    async retrieve(principal, ids, tokenCodesOf) {
      if (ids.length === 0) return new Map();
      // A scroll rather than a plain retrieve: the server applies the principal's filter to it.
      const body = JSON.stringify({ filter: pointFilter(principal, ids), limit: ids.length, with_payload: tokenCodesOf === undefined ? { exclude: [tokenCodesField] } : true });
      const result = await client.result({ operation: 'retrieve points', method: 'POST', path: `${pointsOf(principal)}/scroll`, body });
      const payloads = new Map<string, ChunkPayload>();
      for (const { id, payload } of understood(scrollSchema, result, 'retrieve points').points) payloads.set(id, fromStored(id, payload, tokenCodesOf));
      return payloads;
    },
  };
}

const vectorsSchema = z.object({
  points: z.array(z.object({ vector: z.object({ [sparseVector]: z.object({ indices: z.array(z.number()), values: z.array(z.number()) }) }).catchall(z.array(z.number())) })),
});

function denseOf(vectors: Readonly<Record<string, readonly number[]>>, name: string): readonly number[] {
  const dense = vectors[name];
  if (dense === undefined) throw new CatalystError('INDEX_MOVED', `The points have no vector "${name}" any more.`);
  return dense;
}

const scrollSchema = z.object({ points: z.array(z.object({ id: z.string(), payload: z.unknown() })) });

function legTexts(query: LegQuery, denseVector: string | undefined, common: string, statistics: string): { readonly name: LegName; readonly text: string }[] {
  const legs: { name: LegName; text: string }[] = [];
  if (query.dense !== undefined && denseVector !== undefined) legs.push({ name: 'dense', text: `{"query":${denseText(query.dense)},"using":"${denseVector}",${common}}` });
  if (query.sparse !== undefined) legs.push({ name: 'sparse', text: `{"query":${sparseText(query.sparse)},"using":"${sparseVector}",${common}${statistics}}` });
  return legs;
}

/** Checked by hand: some hundreds of hits on the path of every search. A leg without an answer is an error, never an empty list. */
function hitsByLeg(names: readonly LegName[], result: unknown): Partial<Record<LegName, readonly LegHit[]>> {
  if (!Array.isArray(result) || result.length !== names.length) throw malformed();
  const lists = result as readonly unknown[];
  return Object.fromEntries(names.map((name, index) => [name, hitsOf(lists[index])]));
}

function hitsOf(list: unknown): LegHit[] {
  if (typeof list !== 'object' || list === null || !('points' in list) || !Array.isArray(list.points)) throw malformed();
  return (list.points as readonly unknown[]).map((point) => {
    if (typeof point !== 'object' || point === null || !('id' in point) || !('score' in point)) throw malformed();
    if (typeof point.id !== 'string' || typeof point.score !== 'number') throw malformed();
    return { id: point.id, score: point.score };
  });
}

function malformed(): CatalystError {
  return new CatalystError('INDEX_REJECTED', 'The server at the address of Qdrant does not answer a search as Qdrant does.');
}
