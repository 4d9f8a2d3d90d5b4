import { z } from 'zod';

export const quantisations = ['none', 'scalar', 'binary'] as const;
export type Quantisation = (typeof quantisations)[number];

/** How a collection is laid out: what a generation was made with, as its record keeps it. */
export const indexSettingsSchema = z
  .object({
    /** Links of a graph over all points; 0: none. */
    links: z.int(),
    /** Links of the graph of each tenant; 0: none. */
    tenantLinks: z.int(),
    /** So many points of a tenant, or of a segment, are searched one by one, exactly; beyond that by a graph. */
    exactPoints: z.int(),
    quantisation: z.enum(quantisations),
    /** Vectors as they are, beside quantised ones in memory. */
    vectorsOnDisk: z.boolean(),
    /** Null: as the cluster has it by default. */
    shards: z.int().nullable(),
    replicas: z.int().nullable(),
    /** Replicas that have a write before it is acknowledged. */
    writeReplicas: z.int().nullable(),
  })
  .meta({ id: 'IndexSettings' });
export type IndexSettings = z.infer<typeof indexSettingsSchema>;

/** What generations were made with before settings were chosen. */
export const settingsOfBefore: IndexSettings = { links: 0, tenantLinks: 16, exactPoints: 0, quantisation: 'none', vectorsOnDisk: false, shards: null, replicas: null, writeReplicas: null };

/** From how many points of a collection on. */
export interface IndexThresholds {
  readonly exactPoints: number;
  readonly scalarPoints: number;
  readonly onDiskPoints: number;
  readonly binaryPoints: number;
}

/** How a collection is spread over a cluster; null: as the cluster has it by default. */
export type ClusterSettings = Pick<IndexSettings, 'shards' | 'replicas' | 'writeReplicas'>;
