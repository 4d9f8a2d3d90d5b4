import { z } from 'zod';
import type { IndexPoint, VectorIndex, VersionPoints, VersionSwitch } from '../../ports/vectorIndex.ts';
import { indexFields } from '../../tenancy/indexFields.ts';
import { documentsUpToFilter, earlierVersionsFilter, tenantFilter, versionFilter } from '../../tenancy/versionFilter.ts';
import { denseVector, sparseVector } from './collectionSchema.ts';
import { checkContract } from './generation.ts';
import type { QdrantIndexOptions } from './options.ts';
import { toStored } from './payload.ts';
import type { RestClient } from './restClient.ts';
import { understood } from './understood.ts';
import { denseText, sparseText } from './vectorText.ts';

/** A request of this size is near the best throughput and far below Qdrant's limit of 32 MB. */
const maximumBatchCharacters = 4_000_000;
const maximumBatchPoints = 256;
/** Documents named by one filter. */
const maximumVersions = 500;

/** Writes are durable when they return (`wait`), and applied in the order given on every replica (`ordering`). */
const durable = '?wait=true&ordering=medium';

export function createWriting(client: RestClient, options: QdrantIndexOptions): Omit<VectorIndex, 'prepare'> {
  const { alias } = options;
  const points = `/collections/${encodeURIComponent(alias)}/points`;
  return {
    async upsert(batch) {
      // The alias may lead elsewhere since this process started; vectors of two models that are compared give nonsense, silently.
      await checkContract(client, options, alias);
      for (const body of upsertBodies(batch)) {
        await client.result({ operation: 'write points', method: 'PUT', path: points + durable, body });
      }
    },

    async countVersions(tenant, versions) {
      const counts = new Map<string, number>();
      for (const part of parts(versions)) {
        const body = JSON.stringify({ key: indexFields.version, filter: versionFilter(tenant, part), limit: part.length, exact: true });
        const result = await client.result({ operation: 'count points', method: 'POST', path: `/collections/${encodeURIComponent(alias)}/facet`, body });
        for (const { value, count } of understood(facetSchema, result, 'count points').hits) counts.set(value, count);
      }
      return versions.map(({ versionId }) => counts.get(versionId) ?? 0);
    },

    async publish(tenant, versions) {
      for (const part of parts(versions)) {
        await applyInOrder(client, points, 'publish versions', publishing(tenant, part));
      }
    },

    async setLabels(tenant, versions, labels) {
      for (const part of parts(versions)) await applyInOrder(client, points, 'set labels', [putLabels(tenant, part, labels)]);
    },

    async deleteVersions(tenant, versions) {
      for (const part of parts(versions)) await applyInOrder(client, points, 'delete versions', [{ delete: { filter: versionFilter(tenant, part) } }]);
    },

    async hideDocuments(tenant, documents) {
      for (const part of parts(documents)) {
        await applyInOrder(client, points, 'hide documents', [{ set_payload: { payload: { [indexFields.visible]: false }, filter: documentsUpToFilter(tenant, part) } }]);
      }
    },

    async deleteDocuments(tenant, documents) {
      for (const part of parts(documents)) await applyInOrder(client, points, 'delete documents', [{ delete: { filter: documentsUpToFilter(tenant, part) } }]);
    },

    async deleteTenant(tenant) {
      const filter = tenantFilter(tenant);
      await applyInOrder(client, points, 'delete a tenant', [{ delete: { filter } }]);
      const result = await client.result({ operation: 'count points', method: 'POST', path: `${points}/count`, body: JSON.stringify({ filter, exact: true }) });
      return understood(countSchema, result, 'count points').count;
    },

    async countDocuments(tenant, documents) {
      let total = 0;
      for (const part of parts(documents)) {
        const body = JSON.stringify({ filter: documentsUpToFilter(tenant, part), exact: true });
        const result = await client.result({ operation: 'count points', method: 'POST', path: `${points}/count`, body });
        total += understood(countSchema, result, 'count points').count;
      }
      return total;
    },
  };
}

const countSchema = z.object({ count: z.number() });

const facetSchema = z.object({ hits: z.array(z.object({ value: z.string(), count: z.number() })) });

function putLabels(tenant: string, versions: readonly VersionPoints[], labels: readonly string[]): unknown {
  return { set_payload: { payload: { [indexFields.policies]: labels }, filter: versionFilter(tenant, versions) } };
}

/** Labels put on that were set by hand, new shown, old hidden, old deleted: cut off anywhere in between, the same publish again completes it. */
function publishing(tenant: string, versions: readonly VersionSwitch[]): unknown[] {
  const show = { set_payload: { payload: { [indexFields.visible]: true }, filter: versionFilter(tenant, versions) } };
  const labelling = [...Map.groupBy(versions.filter(({ labels }) => labels != null), ({ labels }) => JSON.stringify(labels)).values()].map((group) => putLabels(tenant, group, group[0]?.labels ?? []));
  const replacing = versions.filter(({ replacesEarlier }) => replacesEarlier);
  if (replacing.length === 0) return [...labelling, show];
  const earlier = earlierVersionsFilter(tenant, replacing);
  return [...labelling, show, { set_payload: { payload: { [indexFields.visible]: false }, filter: earlier } }, { delete: { filter: earlier } }];
}

async function applyInOrder(client: RestClient, points: string, operation: string, operations: readonly unknown[]): Promise<void> {
  await client.result({ operation, method: 'POST', path: `${points}/batch${durable}`, body: JSON.stringify({ operations }) });
}

function* parts<Named>(named: readonly Named[]): Generator<readonly Named[]> {
  for (let start = 0; start < named.length; start += maximumVersions) yield named.slice(start, start + maximumVersions);
}

function* upsertBodies(points: readonly IndexPoint[]): Generator<string> {
  let texts: string[] = [];
  let characters = 0;
  for (const point of points) {
    const text = pointText(point);
    if (texts.length === maximumBatchPoints || (texts.length > 0 && characters + text.length > maximumBatchCharacters)) {
      yield `{"points":[${texts.join(',')}]}`;
      texts = [];
      characters = 0;
    }
    texts.push(text);
    characters += text.length;
  }
  if (texts.length > 0) yield `{"points":[${texts.join(',')}]}`;
}

function pointText(point: IndexPoint): string {
  const vectors = `{"${denseVector}":${denseText(point.dense)},"${sparseVector}":${sparseText(point.sparse)}}`;
  return `{"id":${JSON.stringify(point.id)},"vector":${vectors},"payload":${JSON.stringify({ ...toStored(point.payload), ...point.vocabulary })}}`;
}
