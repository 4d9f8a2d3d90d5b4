import { z } from 'zod';
import { personalDataKinds, personalDataKindSchema } from './personalData.ts';
import { riskLevels } from './risk.ts';
import { rerankerNames, searchBoostsSchema } from './search.ts';

export const mostTermWeights = 500;
export const mostTermWeight = 4;

/** What has a weight of its own; longer names are found by their parts alone (sparse/wordTerms.ts). */
const weighedTermSchema = z.string().min(1).max(64).regex(/^\S+$/u, 'one word or code, without spaces').regex(/[\p{L}\p{N}]/u, 'a letter or a digit in it');

const tokenVectorsSettingSchema = z.enum(['on', 'off']);

const shape = {
  boosts: searchBoostsSchema.optional().meta({ description: 'Of every search of the tenant. A search that sets one of these fields itself has its own instead; an empty or zero one switches that of the tenant off.' }),
  rerank: z.enum(rerankerNames).optional().meta({ description: 'What orders the results of hybrid searches anew that leave the choice; absent: what the operator chose. Where the deployment has none of that kind, they keep the fused order.' }),
  termWeights: z
    .record(weighedTermSchema, z.number().min(0).max(mostTermWeight))
    .refine((weights) => Object.keys(weights).length <= mostTermWeights, { message: `at most ${mostTermWeights} terms` })
    .optional()
    .meta({ description: `What words and codes weigh in the sparse leg of a search, written as in a query, at most ${mostTermWeights}: 1 is neutral, 0 leaves the term out. Found as words are (case, accents, endings aside), codes and hyphenated names as a whole; what weighs less than 1 takes the parts of such a name along.` }),
  tokenVectors: tokenVectorsSettingSchema.optional().meta({
    description: 'Whether documents of the tenant get codes of their tokens, which the built-in rerank compares, at ingestion; without it, as the deployment is set. `on` is refused where the deployment keeps none, and means nothing where it was changed to keep none since. Acts on what is ingested from now on: what is there already is given or loses its codes when it is ingested again.',
  }),
  quarantine: z.enum(['off', ...riskLevels]).optional().meta({
    description: 'Passages of this risk and above are kept from search when a document is ingested, and told in the report of its job; absent: what the operator chose. Acts on what is ingested from now on; what is there already is looked at when it is ingested again.',
  }),
  redact: z.array(personalDataKindSchema).max(personalDataKinds.length).optional().meta({
    description: 'Personal data of these kinds is replaced by marks such as "[email]" in the text, title and metadata of a document before anything is made of them: none of it is embedded, searched or kept as text. The document as it was acquired is kept as it is. Absent: what the operator chose; an empty list: nothing. Acts on what is ingested from now on.',
  }),
  reversible: z.boolean().optional().meta({
    description: 'true: what is redacted is kept in the vault, encrypted, and marks name its entry (`[email#k3v7abcdefgh2345]`), so that `POST /v1/vault/reveal` can bring it back; equal values have equal marks. Refused where the deployment has no vault. Absent or false: it cannot be brought back. Acts on what is ingested from now on.',
  }),
};

/** How a tenant's searches go where the request does not say. */
export const searchSettingsSchema = z.strictObject(shape).meta({ id: 'SearchSettings', example: { boosts: { titleMatch: 0.3, recency: { weight: 0.2, halfLifeDays: 180 } }, termWeights: { NSAID: 2, Contoso: 0 } } });
export type SearchSettings = z.infer<typeof searchSettingsSchema>;

const revisionSchema = z.int().min(0);

/** As they are kept: what a later release added to them is left out. */
export const storedSearchSettingsSchema = z
  .object({ ...shape, revision: revisionSchema.meta({ description: 'Raised by each change; 0 where nothing was ever set.' }) })
  .meta({ id: 'StoredSearchSettings' });
export type StoredSearchSettings = z.infer<typeof storedSearchSettingsSchema>;

export const searchSettingsUpdateSchema = searchSettingsSchema
  .extend({ revision: revisionSchema.optional().meta({ description: 'What was read before the change. The change is refused with CONFLICT where another came first; without it, the last one counts.' }) })
  .meta({ id: 'SearchSettingsUpdate' });
export type SearchSettingsUpdate = z.infer<typeof searchSettingsUpdateSchema>;

export const noSearchSettings: StoredSearchSettings = { revision: 0 };
