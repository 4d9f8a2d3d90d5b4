import { z } from 'zod';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { VectorIndex, VersionPoints, VersionSwitch } from '../../ports/vectorIndex.ts';
import { indexFields } from '../../tenancy/indexFields.ts';
import { documentsUpToFilter, earlierVersionsFilter, versionFilter } from '../../tenancy/versionFilter.ts';
import { checkContract } from './generation.ts';
import { deleteTenant } from './deleteTenant.ts';
import type { QdrantIndexOptions } from './options.ts';
import type { Placements } from './placements.ts';
import { applyInOrder, writePoints } from './points.ts';
import type { RestClient } from './restClient.ts';
import { understood } from './understood.ts';

/** Documents named by one filter. */
const maximumVersions = 500;

export function createWriting(client: RestClient, options: QdrantIndexOptions, placements: Placements): Omit<VectorIndex, 'prepare'> {
  const pointsOf = (tenant: string): string => `${placements.pathFor(tenant)}/points`;
  return {
    async upsert(batch, contract = options.contract) {
      // The alias may lead elsewhere since this process started; vectors of two models that are compared give nonsense, silently.
      for (const [alias, own] of Map.groupBy(batch, ({ payload }) => placements.aliasFor(payload.tenant))) {
        const serving = await checkContract(client, options, alias);
        if (serving.fingerprint !== contractFingerprint(contract)) throw new CatalystError('INDEX_MOVED', `The index "${alias}" serves vectors of another model than those that were to be written.`);
        await writePoints(client, `/collections/${encodeURIComponent(alias)}/points`, own, serving.denseVector);
      }
    },

    async countVersions(tenant, versions) {
      const counts = new Map<string, number>();
      for (const part of parts(versions)) {
        const body = JSON.stringify({ key: indexFields.version, filter: versionFilter(tenant, part), limit: part.length, exact: true });
        const result = await client.result({ operation: 'count points', method: 'POST', path: `${placements.pathFor(tenant)}/facet`, body });
        for (const { value, count } of understood(facetSchema, result, 'count points').hits) counts.set(value, count);
      }
      return versions.map(({ versionId }) => counts.get(versionId) ?? 0);
    },

    async publish(tenant, versions) {
      for (const part of parts(versions)) {
        await applyInOrder(client, pointsOf(tenant), 'publish versions', publishing(tenant, part));
      }
    },

    async setLabels(tenant, versions, labels) {
      for (const part of parts(versions)) await applyInOrder(client, pointsOf(tenant), 'set labels', [putLabels(tenant, part, labels)]);
    },

    async deleteVersions(tenant, versions) {
      for (const part of parts(versions)) await applyInOrder(client, pointsOf(tenant), 'delete versions', [{ delete: { filter: versionFilter(tenant, part) } }]);
    },

    async hideDocuments(tenant, documents) {
      for (const part of parts(documents)) {
        await applyInOrder(client, pointsOf(tenant), 'hide documents', [{ set_payload: { payload: { [indexFields.visible]: false }, filter: documentsUpToFilter(tenant, part) } }]);
      }
    },

    async deleteDocuments(tenant, documents) {
      for (const part of parts(documents)) await applyInOrder(client, pointsOf(tenant), 'delete documents', [{ delete: { filter: documentsUpToFilter(tenant, part) } }]);
    },

    deleteTenant: (tenant) => deleteTenant(client, placements, tenant),

    async countDocuments(tenant, documents) {
      let total = 0;
      for (const part of parts(documents)) {
        const body = JSON.stringify({ filter: documentsUpToFilter(tenant, part), exact: true });
        const result = await client.result({ operation: 'count points', method: 'POST', path: `${pointsOf(tenant)}/count`, body });
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

function* parts<Named>(named: readonly Named[]): Generator<readonly Named[]> {
  for (let start = 0; start < named.length; start += maximumVersions) yield named.slice(start, start + maximumVersions);
}
