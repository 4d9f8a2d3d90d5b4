import { searchResponseSchema } from '../../contracts/search.ts';
import type { SearchResponse } from '../../contracts/search.ts';
import { parsedJson } from '../../contracts/parsedJson.ts';
import type { CacheCodec } from './cacheCodec.ts';
import { jsonLength } from './jsonLength.ts';

/** Of its JSON: the objects weigh about twice as much, and the API keeps the JSON of the results beside them. */
const bytesPerCharacter = 3;

/** Answers of searches. What another release wrote in another shape is no answer. */
export const responseCodec: CacheCodec<SearchResponse> = {
  weigh: (response) => jsonLength(response) * bytesPerCharacter,
  encode: (response) => JSON.stringify(response),
  decode(text) {
    const response = parsedJson(text);
    // As it was written, not as the schema would order it: an answer from a cache is the same bytes.
    return searchResponseSchema.safeParse(response).success ? (response as SearchResponse) : undefined;
  },
};
