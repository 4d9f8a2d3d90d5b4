import { z } from 'zod';
import { jobOptionShape } from './jobs.ts';
import { sourceAttributesSchema, sourceDefinitionSchema } from './sources.ts';

/** A source that is read once, without being registered. */
export const ingestSourceRequestSchema = z
  .strictObject({ definition: sourceDefinitionSchema, attributes: sourceAttributesSchema.prefault({}), ...jobOptionShape })
  .meta({ id: 'IngestSourceRequest' });
export type IngestSourceRequest = z.infer<typeof ingestSourceRequestSchema>;

/** How a run of a registered source by hand is to go. */
export const sourceRunRequestSchema = z.strictObject(jobOptionShape).meta({ id: 'SourceRunRequest' });
export type SourceRunRequest = z.infer<typeof sourceRunRequestSchema>;
