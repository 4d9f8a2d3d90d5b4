import { z } from 'zod';
import type { Principal } from '../../contracts/principal.ts';
import type { Vocabulary } from '../../ports/vocabulary.ts';
import { chunkFilter } from '../../tenancy/chunkFilter.ts';
import { indexFields } from '../../tenancy/indexFields.ts';
import type { IndexFilter } from '../../tenancy/indexFilter.ts';
import { beginningsFilter } from '../../tenancy/vocabularyFilter.ts';
import { sparseVector } from './collectionSchema.ts';
import type { Placements } from './placements.ts';
import type { RestClient } from './restClient.ts';
import { understood } from './understood.ts';
import { sparseText } from './vectorText.ts';

const labelPrefix = { title: 't:', heading: 'h:' } as const;

/**
 * Word lists in the payload of chunks, read with the filter of every search: what a caller may not see, and what is deleted, is in
 * no answer. Samples are read by scrolling: ids are digests, so that the first ones are an even sample, and the cost does not grow
 * with the index. A facet counts exactly and reads every point: it is for what is kept a while.
 */
export function createVocabulary(client: RestClient, placements: Placements): Vocabulary {
  const collectionOf = (principal: Principal): string => placements.pathFor(principal.tenant);
  const scroll = async (principal: Principal, operation: string, filter: IndexFilter, limit: number, fields: readonly string[]): Promise<unknown> =>
    client.result({ operation, method: 'POST', path: `${collectionOf(principal)}/points/scroll`, body: JSON.stringify({ filter, limit, with_payload: fields }) });
  return {
    async findLabels(principal, kind, beginnings, limit) {
      const filter = beginningsFilter(principal, indexFields.labels, beginnings.map((beginning) => labelPrefix[kind] + beginning));
      const result = await scroll(principal, 'find labels', filter, limit, ['title', 'document', 'sequence', 'chunk.headings']);
      return understood(labelsSchema, result, 'find labels').points.map(({ payload: { document, title, sequence, chunk } }) => ({ documentId: document, title, sequence, headings: chunk?.headings ?? [] }));
    },

    async sampleWords(principal, beginning, limit) {
      const result = await scroll(principal, 'sample words', beginningsFilter(principal, indexFields.words, [beginning]), limit, [indexFields.words]);
      return understood(wordsSchema, result, 'sample words').points.map(({ payload }) => payload.words);
    },

    async listWords(principal, limit) {
      const body = JSON.stringify({ key: indexFields.words, filter: chunkFilter(principal, {}), limit });
      const result = await client.result({ operation: 'list words', method: 'POST', path: `${collectionOf(principal)}/facet`, body });
      return understood(facetSchema, result, 'list words').hits.map(({ value, count }) => ({ entry: value, count }));
    },

    async holdTerms(principal, vectors) {
      if (vectors.length === 0) return [];
      const filter = JSON.stringify(chunkFilter(principal, {}));
      const searches = vectors.map((vector) => `{"query":${sparseText(vector)},"using":"${sparseVector}","filter":${filter},"limit":1,"with_payload":false}`);
      const result = await client.result({ operation: 'look for terms', method: 'POST', path: `${collectionOf(principal)}/points/query/batch`, body: `{"searches":[${searches.join(',')}]}` });
      return understood(heldSchema, result, 'look for terms').map(({ points }) => points.length > 0);
    },
  };
}

const labelsSchema = z.object({
  points: z.array(z.object({ payload: z.object({ document: z.string(), title: z.string(), sequence: z.number(), chunk: z.object({ headings: z.array(z.string()) }).optional() }) })),
});
const wordsSchema = z.object({ points: z.array(z.object({ payload: z.object({ words: z.array(z.string()) }) })) });
const facetSchema = z.object({ hits: z.array(z.object({ value: z.string(), count: z.number() })) });
const heldSchema = z.array(z.object({ points: z.array(z.unknown()) }));
