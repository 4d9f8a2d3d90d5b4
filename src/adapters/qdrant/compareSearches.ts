import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ComparedSearch } from '../../contracts/recall.ts';
import { indexFields } from '../../tenancy/indexFields.ts';
import { tenantFilter } from '../../tenancy/versionFilter.ts';
import type { SearchingOptions } from './options.ts';
import { denseParameters } from './reading.ts';
import type { RestClient } from './restClient.ts';
import { understood } from './understood.ts';
import { denseText } from './vectorText.ts';

interface Comparison {
  readonly denseVector: string;
  /** Points that are searched for their neighbours. */
  readonly points: number;
  readonly limit: number;
  readonly searching: SearchingOptions | undefined;
}

/** Neighbours of sampled points among those of their tenant: by comparing all, and as searches find them. */
export async function compareSearches(client: RestClient, collection: string, { denseVector, points, limit, searching }: Comparison): Promise<ComparedSearch[]> {
  const compared: ComparedSearch[] = [];
  for (const { id, payload, vector } of await samplePoints(client, collection, denseVector, points)) {
    const tenant = payload[indexFields.tenant];
    // One more than is compared: the point itself is found by both.
    const common = `{"query":${denseText(Float32Array.from(vector[denseVector] ?? []))},"using":"${denseVector}","filter":${JSON.stringify(tenantFilter(tenant))},"limit":${limit + 1},"with_payload":false`;
    const body = `{"searches":[${common},"params":{"exact":true,"quantization":{"ignore":true}}},${common}${denseParameters(searching)}}]}`;
    const result = await client.result({ operation: 'compare searches', method: 'POST', path: `${collection}/points/query/batch`, body });
    const [exact, found] = understood(answersSchema, result, 'compare searches').map((answer) => answer.points.filter((hit) => hit.id !== id).slice(0, limit));
    compared.push({ exact: exact ?? [], found: found ?? [] });
  }
  return compared;
}

type SampledPoint = z.infer<typeof sampleSchema>['points'][number];

/** Ids are digests: what follows a random one is a random sample. */
async function samplePoints(client: RestClient, collection: string, denseVector: string, points: number): Promise<SampledPoint[]> {
  const scroll = async (offset: string | null, limit: number): Promise<SampledPoint[]> => {
    const body = JSON.stringify({ limit, with_payload: [indexFields.tenant], with_vector: [denseVector], ...(offset === null ? {} : { offset }) });
    return understood(sampleSchema, await client.result({ operation: 'sample points', method: 'POST', path: `${collection}/points/scroll`, body }), 'sample points').points;
  };
  const after = await scroll(randomUUID(), points);
  const first = after.length < points ? await scroll(null, points - after.length) : [];
  const known = new Set(after.map(({ id }) => id));
  return [...after, ...first.filter(({ id }) => !known.has(id))];
}

const sampleSchema = z.object({ points: z.array(z.object({ id: z.string(), payload: z.object({ [indexFields.tenant]: z.string() }), vector: z.record(z.string(), z.array(z.number())) })) });
const answersSchema = z.array(z.object({ points: z.array(z.object({ id: z.string(), score: z.number() })) }));
