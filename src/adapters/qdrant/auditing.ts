import { z } from 'zod';
import type { AuditedPoint } from '../../consistency/auditedPoints.ts';
import { digestOf, digestOfJson } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { IndexAudit, PointDigests } from '../../ports/indexAudit.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import { namedDocumentsFilter, namedTenantFilter, unchangedPointsFilter } from '../../tenancy/auditFilter.ts';
import { indexFields } from '../../tenancy/indexFields.ts';
import { sparseVector } from './collectionSchema.ts';
import type { QdrantIndexOptions } from './options.ts';
import { toStored } from './payload.ts';
import type { Placements } from './placements.ts';
import type { RestClient } from './restClient.ts';
import type { ServingVectors } from './servingVectors.ts';
import { understood } from './understood.ts';
import { denseText, sparseText } from './vectorText.ts';

/** Points of a page: whole ones weigh some 10 kB each. */
const pointsPerPage = { essential: 2_000, deep: 256 };

/** What tells whose a point is, and whether it is seen. */
const essentialFields = [indexFields.tenant, indexFields.document, indexFields.version, indexFields.sequence, indexFields.visible, indexFields.policies, indexFields.ingestedAt, 'chunk.ordinal'];

/** How the audit reads the index. */
export function createAuditing(client: RestClient, serving: ServingVectors, options: Pick<QdrantIndexOptions, 'contract' | 'otherContracts'>, placements: Placements): IndexAudit {
  const pointsOf = (tenant: string): string => `${placements.pathFor(tenant)}/points`;
  // What Qdrant stores of vectors that it normalises itself cannot be told beforehand to the last bit.
  const comparesVectors = [options.contract, ...(options.otherContracts ?? [])].every(({ normalised }) => normalised);

  const scroll = async (tenant: string, filter: unknown, offset: unknown, limit: number, deep: boolean) => {
    let bytes = 0;
    const { denseVector } = await (deep ? serving.refresh(tenant) : serving.known(tenant));
    const body = JSON.stringify({ filter, limit, with_payload: deep ? true : essentialFields, with_vector: deep && comparesVectors ? [denseVector, sparseVector] : false, ...(offset === null ? {} : { offset }) });
    const result = await client.result({ operation: 'read points', method: 'POST', path: `${pointsOf(tenant)}/scroll`, body, measured: (characters) => void (bytes = characters) });
    const page = understood(pageSchema, result, 'read points');
    return { points: page.points.map((point) => toAudited(point, deep && comparesVectors ? denseVector : undefined, deep)), next: page.next_page_offset ?? null, bytes };
  };

  return {
    async readDocuments(audited, documents, deep) {
      const read: AuditedPoint[] = [];
      let bytes = 0;
      for (let offset: unknown = null, first = true; documents.length > 0 && (first || offset !== null); first = false) {
        const page = await scroll(audited, namedDocumentsFilter(documents), offset, deep ? pointsPerPage.deep : pointsPerPage.essential, deep);
        read.push(...page.points);
        bytes += page.bytes;
        offset = page.next;
      }
      return { points: read, bytes };
    },

    async readTenant(tenant, offset, limit) {
      const page = await scroll(tenant, namedTenantFilter(tenant), offset === null ? null : (JSON.parse(offset) as unknown), limit, false);
      return { ...page, next: page.next === null ? null : JSON.stringify(page.next) };
    },

    async countTenant(tenant) {
      const body = JSON.stringify({ filter: namedTenantFilter(tenant), exact: true });
      const result = await client.result({ operation: 'count points', method: 'POST', path: `${pointsOf(tenant)}/count`, body });
      return understood(z.object({ count: z.number() }), result, 'count points').count;
    },

    digestsOf: (point) => digestsOf(point, comparesVectors),

    async removePoints(audited, removed) {
      for (const [, own] of Map.groupBy(removed, ({ tenant, document }) => JSON.stringify([tenant, document]))) {
        const [{ tenant, document }] = own as [AuditedPoint];
        const filter = unchangedPointsFilter(tenant, document, own.map(({ id }) => (/^\d+$/.test(id) ? Number(id) : id)));
        await client.result({ operation: 'remove points', method: 'POST', path: `${pointsOf(audited)}/delete?wait=true&ordering=medium`, body: JSON.stringify({ filter }) });
      }
    },
  };
}

const storedVectorSchema = z.object({ [sparseVector]: z.object({ indices: z.array(z.number()), values: z.array(z.number()) }).optional() }).catchall(z.array(z.number()));

/** Ids of the product are UUIDs; numbers are somebody else's. */
const storedPointSchema = z.object({ id: z.union([z.string(), z.number().transform(String)]), payload: z.record(z.string(), z.unknown()).nullish(), vector: storedVectorSchema.nullish().catch(null) });
type StoredPoint = z.infer<typeof storedPointSchema>;

const pageSchema = z.object({ points: z.array(storedPointSchema), next_page_offset: z.union([z.string(), z.number()]).nullish() });

/** What a point does not say, or says in another form, is empty: then it is not one that the product writes. */
function toAudited({ id, payload, vector }: StoredPoint, denseVector: string | undefined, deep: boolean): AuditedPoint {
  const stored = payload ?? {};
  const { [sparseVector]: sparse, ...dense } = vector ?? {};
  const text = (field: string): string => (typeof stored[field] === 'string' ? stored[field] : '');
  const policies = stored[indexFields.policies];
  const sequence = stored[indexFields.sequence];
  const { ordinal } = (stored['chunk'] ?? {}) as { readonly ordinal?: unknown };
  return {
    id,
    tenant: text(indexFields.tenant),
    document: text(indexFields.document),
    version: text(indexFields.version),
    sequence: typeof sequence === 'number' ? sequence : -1,
    visible: stored[indexFields.visible] === true,
    policies: Array.isArray(policies) ? policies.map(String) : [],
    ordinal: typeof ordinal === 'number' ? ordinal : -1,
    ingestedAt: text(indexFields.ingestedAt),
    content: deep ? contentDigest(stored) : null,
    vectors: denseVector === undefined ? null : vectorDigest((dense as Readonly<Record<string, number[]>>)[denseVector] ?? [], sparse ?? { indices: [], values: [] }),
  };
}

function digestsOf(point: IndexPoint, comparesVectors: boolean): PointDigests {
  const content = contentDigest({ ...toStored(point.payload), ...point.vocabulary });
  if (!comparesVectors) return { content, vectors: null };
  // As it is sent, so that both are rounded alike.
  const sparse = JSON.parse(sparseText(point.sparse)) as { readonly indices: number[]; readonly values: number[] };
  return { content, vectors: vectorDigest(JSON.parse(denseText(point.dense)) as number[], sparse) };
}

/** Visibility and labels change without the artifacts, and are compared apart. */
function contentDigest(stored: Readonly<Record<string, unknown>> | ReturnType<typeof toStored>): Digest {
  const { tenant: _tenant, visible: _visible, policies: _policies, ...content } = stored;
  // As JSON carries it: what is undefined is not there.
  return digestOfJson(JSON.parse(JSON.stringify(content)) as unknown);
}

/** Of float32, which is what is stored, whatever decimals stand for it. */
function vectorDigest(dense: readonly number[], sparse: { readonly indices: readonly number[]; readonly values: readonly number[] }): Digest {
  const order = sparse.indices.map((_, place) => place).sort((left, right) => (sparse.indices[left] ?? 0) - (sparse.indices[right] ?? 0));
  const parts = [Float32Array.from(dense), Uint32Array.from(order, (place) => sparse.indices[place] ?? 0), Float32Array.from(order, (place) => sparse.values[place] ?? 0)];
  return digestOf(...parts.map((part) => new Uint8Array(part.buffer)));
}
