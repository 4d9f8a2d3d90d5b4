import { z } from 'zod';
import { codeSystemNames, codeSystemNameSchema, codeSystems } from '../codes/codeSystems.ts';

const codesSchema = z.array(z.string().max(40)).min(1).max(50);

/** Codes by system. */
export const codesFilterSchema = z
  .partialRecord(codeSystemNameSchema, codesSchema)
  .superRefine((filter, context) => {
    for (const system of codeSystemNames) {
      for (const [index, text] of (filter[system] ?? []).entries()) {
        if (codeSystems[system].wanted(text) === undefined) context.addIssue({ code: 'custom', message: codeSystems[system].expectation, path: [system, index], input: text });
      }
    }
  })
  .meta({
    description:
      'Passages with any of these codes in the text, a heading above it or the title, found at ingestion; every system named must hold. A code finds those below it: E11 finds E11.9. A range of categories finds all in it.',
    examples: [{ 'icd-10': ['E11', 'I10-I15'] }, { 'icd-11': ['5A11'] }],
  });
export type CodesFilter = z.infer<typeof codesFilterSchema>;
