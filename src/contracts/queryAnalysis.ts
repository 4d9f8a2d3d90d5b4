import { z } from 'zod';

export const queryIntents = ['identifier', 'keyword', 'question', 'passage'] as const;
export const queryIntentSchema = z.enum(queryIntents).meta({
  id: 'QueryIntent',
  description: 'identifier: codes and names that are meant as written; keyword: words of a topic; question: a sentence that asks; passage: a longer text.',
});
export type QueryIntent = z.infer<typeof queryIntentSchema>;

/** A word of the query that the index does not hold, with a word that it holds. */
export const correctionSchema = z.object({
  from: z.string(),
  to: z.string(),
  count: z.int().min(1).meta({ description: 'Documents the caller may see that list the word.' }),
});
export type Correction = z.infer<typeof correctionSchema>;

export const didYouMeanSchema = z
  .object({ query: z.string().meta({ description: 'The query with its words corrected.' }), corrections: z.array(correctionSchema).min(1) })
  .meta({ id: 'DidYouMean', description: 'An offer: what was searched is the query as it was written.' });
export type DidYouMean = z.infer<typeof didYouMeanSchema>;

export const synonymUseSchema = z.object({ from: z.string(), to: z.string(), weight: z.number() }).meta({ id: 'SynonymUse' });
export type SynonymUse = z.infer<typeof synonymUseSchema>;

export const termWeightUseSchema = z.object({ term: z.string(), weight: z.number() }).meta({ id: 'TermWeightUse' });
/** A weight of the tenant's settings that a query made use of; the term as it is written there. */
export type TermWeightUse = z.infer<typeof termWeightUseSchema>;

/** What was made of a query before the index was asked. */
export const queryAnalysisSchema = z
  .object({
    intent: queryIntentSchema,
    evidence: z.array(z.string()).meta({ description: 'Why it was taken for that.' }),
    language: z.string().nullable().meta({ description: 'What the query is written in; null where that is not certain.' }),
    languages: z.array(z.string()).meta({ description: 'Languages by whose rules its words were stemmed.' }),
    synonyms: z.array(synonymUseSchema),
    termWeights: z.array(termWeightUseSchema).meta({ description: 'Weights of the tenant that were applied to its words, or to their synonyms.' }),
  })
  .meta({ id: 'QueryAnalysis' });
export type QueryAnalysis = z.infer<typeof queryAnalysisSchema>;
