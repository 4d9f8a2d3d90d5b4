import { z } from 'zod';

export const suggestionKinds = ['titles', 'headings', 'terms'] as const;
export type SuggestionKind = (typeof suggestionKinds)[number];

const kindsSchema = z
  .string()
  .default(suggestionKinds.join(','))
  .transform((text) => [...new Set(text.split(',').map((kind) => kind.trim()))])
  .pipe(z.array(z.enum(suggestionKinds)).min(1))
  .meta({ description: `What is wanted, separated by commas: ${suggestionKinds.join(', ')}. All by default.`, example: 'titles,terms' });

export const suggestQuerySchema = z.strictObject({
  q: z.string().trim().min(2).max(200).meta({ description: 'What has been typed so far; its last word is taken for the beginning of one.', example: 'refund dead' }),
  limit: z.coerce.number().int().min(1).max(20).default(5).meta({ description: 'Most suggestions of each kind.' }),
  kinds: kindsSchema,
});
export type SuggestQuery = z.infer<typeof suggestQuerySchema>;

export const suggestResponseSchema = z
  .object({
    query: z.string(),
    titles: z.array(z.object({ text: z.string(), documentId: z.uuid() })).meta({ description: 'Titles of documents that hold the words typed.' }),
    headings: z.array(z.object({ text: z.string(), documentId: z.uuid(), title: z.string() })).meta({ description: 'Headings, each once, with a document that has it.' }),
    terms: z
      .array(
        z.object({
          text: z.string().meta({ description: 'The query with its last word completed.' }),
          term: z.string(),
          count: z.int().min(1).meta({ description: 'Documents that list the word among their telling ones.' }),
          countIsExact: z.boolean().meta({ description: 'False where the word was counted in a sample: there are more.' }),
        }),
      )
      .meta({ description: 'Frequent words that begin as the last one typed.' }),
    tookMs: z.number(),
  })
  .meta({ id: 'SuggestResponse' });
export type SuggestResponse = z.infer<typeof suggestResponseSchema>;
