import { z } from 'zod';
import { metadataValueSchema } from '../documents.ts';
import { momentSchema } from './dates.ts';

/** Characters of a text by which its beginning can be looked for. */
export const longestPrefix = 100;

const scalarSchema = z.union([z.string().max(2000), z.number(), z.boolean()]);
const listSchema = z.array(scalarSchema).min(1).max(100);

/** Conditions on one key of the metadata; all that are given must hold. */
export const metadataConditionSchema = z
  .strictObject({
    any: listSchema.optional().meta({ description: 'One of these values.' }),
    not: z.union([scalarSchema, listSchema]).optional().meta({ description: 'None of these values; documents without the key are found.' }),
    exists: z.boolean().optional().meta({ description: 'Whether the document has the key with a value (an empty list is none).' }),
    prefix: z.string().min(1).max(longestPrefix).optional().meta({ description: 'Texts that begin so, capital letters told apart.' }),
    gt: z.number().optional(),
    gte: z.number().optional(),
    lt: z.number().optional(),
    lte: z.number().optional(),
    from: momentSchema.optional().meta({ description: 'Dates (ISO 8601 or RFC 3339 texts) at this moment or later.' }),
    to: momentSchema.optional().meta({ description: 'Dates up to this moment, or to the end of this day.' }),
  })
  .refine((condition) => Object.values(condition).some((part) => part !== undefined), 'at least one condition')
  .meta({ id: 'MetadataCondition' });
export type MetadataCondition = z.infer<typeof metadataConditionSchema>;

export const metadataFilterSchema = z.record(z.string().max(63), z.union([metadataValueSchema, metadataConditionSchema])).meta({
  description: 'By metadata key: a value (equality, typed: "2024" is not 2024), a list (any of them), or conditions. Of a list in a document one value is enough.',
  examples: [{ region: ['north', 'south'], year: { gte: 2024, lt: 2026 } }, { reviewed: { from: '2026-01-01' }, isbn: { prefix: '978-3' }, owner: { exists: true }, status: { not: ['draft', 'expired'] } }],
});
