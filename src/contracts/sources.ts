import { z } from 'zod';
import { contentRulesSchema } from './contentRules.ts';
import { patternObjection } from './addressPattern.ts';
import { readCronLine } from './cronLine.ts';
import { labelSchema, metadataSchema } from './documents.ts';
import { stateSchema } from './jobs.ts';

const webAddress = z.url({ protocol: /^https?$/ }).max(2048);

const patternSchema = z.string().min(1).max(500).superRefine((pattern, context) => {
  const objection = patternObjection(pattern);
  if (objection !== undefined) context.addIssue({ code: 'custom', message: objection });
});

/** Patterns on the path (with query) of an address or the key of an object: `*` within a segment, `**` across segments. */
const patterns = {
  include: z.array(patternSchema).max(100).default([]).meta({ description: 'Only what matches one of these patterns; all when empty. `*` within a segment, `**` across.' }),
  exclude: z.array(patternSchema).max(100).default([]).meta({ description: 'Nothing that matches one of these.' }),
};
const maximumDocuments = z.int().min(1).max(1_000_000).default(10_000).meta({ description: 'Most documents taken from the source in one run.' });

export const websiteDefinitionSchema = z.strictObject({
  type: z.literal('website'),
  url: webAddress,
  maximumDepth: z.int().min(0).max(50).default(5).meta({ description: 'Links to follow from the first page; 0: that page alone.' }),
  maximumDocuments,
  ...patterns,
  sitemap: z.enum(['include', 'skip', 'only']).default('include'),
  subdomains: z.boolean().default(false).meta({ description: 'Follow links to other hosts below the domain of the first page.' }),
  ignoreQuery: z.boolean().default(false).meta({ description: 'Addresses that differ only after "?" are one page.' }),
});
export const sitemapDefinitionSchema = z.strictObject({ type: z.literal('sitemap'), url: webAddress, maximumDocuments, ...patterns });
export const feedDefinitionSchema = z.strictObject({ type: z.literal('feed'), url: webAddress, maximumDocuments });
export const pagesDefinitionSchema = z.strictObject({ type: z.literal('pages'), urls: z.array(webAddress).min(1).max(10_000) });
export const bucketDefinitionSchema = z.strictObject({
  type: z.literal('bucket'),
  bucket: z.string().min(3).max(63).meta({ description: 'One of the buckets that the operator has opened to this tenant (CATALYST_IMPORT_BUCKETS).' }),
  prefix: z.string().max(1024).default(''),
  maximumDocuments,
  ...patterns,
});

export const sourceDefinitionSchema = z
  .discriminatedUnion('type', [websiteDefinitionSchema, sitemapDefinitionSchema, feedDefinitionSchema, pagesDefinitionSchema, bucketDefinitionSchema])
  .meta({ id: 'SourceDefinition', description: 'Where documents come from: a website (crawled), a sitemap, a feed (RSS, Atom), a list of pages, or a prefix of a bucket.' });
export type SourceDefinition = z.infer<typeof sourceDefinitionSchema>;

/** Given to every document of the source. */
export const sourceAttributesSchema = z
  .strictObject({
    metadata: metadataSchema.default({}),
    tags: z.array(labelSchema).max(50).default([]),
    policies: z.array(labelSchema).max(50).default([]),
    redact: contentRulesSchema.shape.redact.meta({ description: 'Personal data that is replaced by marks in these documents, besides what the tenant has replaced in all.' }),
    quarantine: contentRulesSchema.shape.quarantine.meta({ description: 'Passages of this risk and above are kept from search; where the tenant keeps back more, that holds.' }),
  })
  .meta({ id: 'SourceAttributes' });
export type SourceAttributes = z.infer<typeof sourceAttributesSchema>;

export const onMissingPolicies = ['keep', 'delete'] as const;
export const onMissingSchema = z.enum(onMissingPolicies).meta({ id: 'OnMissing', description: 'What happens to a document that a complete run of its source no longer finds.' });
export type OnMissing = z.infer<typeof onMissingSchema>;

export const overlapPolicies = ['skip', 'bufferOne', 'cancelOther'] as const;

const cronLineSchema = z.string().min(1).max(200).superRefine((line, context) => {
  const read = readCronLine(line);
  if (typeof read === 'string') context.addIssue({ code: 'custom', message: read });
});

export const scheduleSchema = z
  .strictObject({
    cron: z.array(cronLineSchema).max(20).optional().meta({ description: 'Five fields, or @daily and the like. Where both are given, the day of the month and the day of the week must fit.', example: ['0 3 * * *'] }),
    everySeconds: z.int().min(10).max(366 * 86_400).optional(),
    timezone: z.string().max(100).default('UTC'),
    jitterSeconds: z.int().min(0).max(86_400).default(0),
    overlap: z.enum(overlapPolicies).default('skip').meta({ description: 'When the run before is still going: skip, run once afterwards, or cancel it.' }),
    catchupSeconds: z.int().min(10).max(31_536_000).default(3600).meta({ description: 'Runs missed by an outage longer ago than this are not made up for.' }),
  })
  .refine((schedule) => (schedule.cron?.length ?? 0) > 0 || schedule.everySeconds !== undefined, '"cron" or "everySeconds"')
  .meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof scheduleSchema>;

export const sourceRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    definition: sourceDefinitionSchema,
    attributes: sourceAttributesSchema.prefault({}),
    onMissing: onMissingSchema.default('keep'),
    schedule: scheduleSchema.nullable().default(null),
    paused: z.boolean().default(false).meta({ description: 'The schedule rests; runs by hand go on.' }),
  })
  .meta({ id: 'SourceRequest' });
export type SourceRequest = z.infer<typeof sourceRequestSchema>;

export const registeredSourceSchema = z
  .object({
    ...sourceRequestSchema.shape,
    id: z.uuid(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    documents: z.int().meta({ description: 'Documents that are in the index now.' }),
    lastJob: z.object({ id: z.uuid(), state: stateSchema, createdAt: z.iso.datetime(), finishedAt: z.iso.datetime().nullable() }).nullable(),
  })
  .meta({ id: 'RegisteredSource' });
export type RegisteredSource = z.infer<typeof registeredSourceSchema>;

export const sourcesPageSchema = z.object({ sources: z.array(registeredSourceSchema), next: z.string().nullable() }).meta({ id: 'SourcesPage' });
export type SourcesPage = z.infer<typeof sourcesPageSchema>;

/** The schedule as the workflow service holds it. */
export const scheduleStateSchema = z
  .object({ paused: z.boolean(), nextRuns: z.array(z.iso.datetime()), recentRuns: z.array(z.object({ at: z.iso.datetime(), workflowId: z.string() })) })
  .meta({ id: 'ScheduleState' });
export type ScheduleState = z.infer<typeof scheduleStateSchema>;

export const backfillRequestSchema = z.strictObject({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) }).meta({ id: 'BackfillRequest' });
export type BackfillRequest = z.infer<typeof backfillRequestSchema>;
