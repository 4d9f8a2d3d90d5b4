import { z } from 'zod';
import type { CodeSystem } from './codeSystem.ts';
import { icd10 } from './icd10.ts';
import { icd11 } from './icd11.ts';

/**
 * The classifications that the product knows. Another one is added here, and its reader in `src/documents/codes/codeReaders.ts`,
 * which does not compile without it; filters, facets, the payload and its indexes follow from the name.
 */
export const codeSystems = { 'icd-10': icd10, 'icd-11': icd11 } as const satisfies Record<string, CodeSystem>;

export type CodeSystemName = keyof typeof codeSystems;
export const codeSystemNames = Object.keys(codeSystems) as [CodeSystemName, ...CodeSystemName[]];
export const codeSystemNameSchema = z.enum(codeSystemNames, { error: `one of the code systems ${codeSystemNames.map((name) => `"${name}"`).join(', ')}` });

/** A code as it was found in a text, in its canonical form. */
export const foundCodeSchema = z.object({ system: codeSystemNameSchema, code: z.string() }).meta({ id: 'FoundCode' });
export type FoundCode = z.infer<typeof foundCodeSchema>;
