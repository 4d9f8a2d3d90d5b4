import { z } from 'zod';
import { codeSystemNames, codeSystems } from '../codes/codeSystems.ts';
import type { CodeSystemName } from '../codes/codeSystems.ts';

export type CodesFilter = Partial<Record<CodeSystemName, string[]>>;

const codesSchema = z.array(z.string().max(40)).min(1).max(50);
const systems = codeSystemNames.map((name) => `"${name}"`).join(', ');

/** Codes by system. A record rather than an object of the known names, so that an unknown one is answered with those there are. */
const recordSchema = z
  .record(z.string(), codesSchema)
  .superRefine((filter, context) => {
    for (const [name, texts] of Object.entries(filter)) {
      const system = codeSystemNames.find((known) => known === name);
      if (system === undefined) {
        context.addIssue({ code: 'custom', message: `one of the code systems ${systems} instead of "${name}"`, path: [name] });
        continue;
      }
      for (const [index, text] of texts.entries()) {
        if (codeSystems[system].wanted(text) === undefined) context.addIssue({ code: 'custom', message: codeSystems[system].expectation, path: [system, index] });
      }
    }
  })
  .meta({
    description: `By code system (${systems}), passages with any of these codes in the text, a heading above it or the title, found at ingestion; every system named must hold. A code finds those below it: E11 finds E11.9. A range of categories finds all in it.`,
    examples: [{ 'icd-10': ['E11', 'I10-I15'] }, { 'icd-11': ['5A11'] }],
  });
export const codesFilterSchema = recordSchema as z.ZodType<CodesFilter, CodesFilter>;
