import { z } from 'zod';

const phraseSchema = z.string().trim().min(1).max(100).regex(/[\p{L}\p{N}]/u, 'needs a letter or a digit');
const mostRules = 1000;
const mostPhrases = 20;

export const synonymsSchema = z
  .strictObject({
    groups: z
      .array(z.array(phraseSchema).min(2).max(mostPhrases))
      .max(mostRules)
      .default([])
      .meta({ description: 'Words and phrases that mean the same: a query with one of them also finds the others.' }),
    rules: z
      .array(z.strictObject({ from: phraseSchema, to: z.array(phraseSchema).min(1).max(mostPhrases) }))
      .max(mostRules)
      .default([])
      .meta({ description: 'One way: a query with `from` also finds what is in `to`, not the other way round.' }),
  })
  .meta({ id: 'Synonyms', example: { groups: [['heart attack', 'myocardial infarction']], rules: [{ from: 'NSAID', to: ['ibuprofen', 'naproxen'] }] } });
export type Synonyms = z.infer<typeof synonymsSchema>;

export const noSynonyms: Synonyms = { groups: [], rules: [] };
