import { z } from 'zod';
import { labelSchema } from './documents.ts';

const unique = <Item>(items: Item[]): Item[] => [...new Set(items)];

const labelsSchema = z.array(labelSchema).max(50).transform(unique).nullable().meta({ description: 'Labels that a reader must hold, all of them; none: everybody in the tenant may read. They stay through later ingestions. null: as the ingestion says.' });

export const setLabelsRequestSchema = z.strictObject({ labels: labelsSchema }).meta({ id: 'SetLabelsRequest' });

export const setManyLabelsRequestSchema = z
  .strictObject({ documents: z.array(z.uuid()).min(1).max(1000).transform((ids) => unique(ids.map((id) => id.toLowerCase()))), labels: labelsSchema })
  .meta({ id: 'SetManyLabelsRequest' });

export const labelChangeSchema = z
  .object({
    id: z.uuid(),
    documents: z.int().meta({ description: 'Documents with these labels now, files inside them included.' }),
    labels: z.array(z.string()).nullable(),
    inSearch: z.boolean().meta({ description: 'Whether searches heed them already. false: it is stored, and they will as soon as the index answers.' }),
  })
  .meta({ id: 'LabelChange' });
export type LabelChange = z.infer<typeof labelChangeSchema>;
