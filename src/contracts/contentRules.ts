import { z } from 'zod';
import { personalDataKindSchema, personalDataKinds } from './personalData.ts';
import type { PersonalDataKind } from './personalData.ts';
import { riskLevels, riskLevelSchema } from './risk.ts';
import type { RiskLevel } from './risk.ts';

/** What is not to be indexed of a document. */
export const contentRulesSchema = z.object({
  quarantine: riskLevelSchema.optional(),
  redact: z.array(personalDataKindSchema).max(personalDataKinds.length).optional(),
});
export interface ContentRules {
  readonly quarantine?: RiskLevel;
  readonly redact?: readonly PersonalDataKind[];
}

type WantedRules = { readonly [Name in keyof ContentRules]: ContentRules[Name] | undefined };

/** Both rules at once: each kind that either names, and the lower of two risks. Neither makes the other weaker. */
export function strictest(one: WantedRules, other: WantedRules): ContentRules {
  const levels = [one.quarantine, other.quarantine].filter((level) => level !== undefined);
  const kinds = [...new Set([...(one.redact ?? []), ...(other.redact ?? [])])].sort();
  const quarantine = levels.sort((left, right) => rank(left) - rank(right))[0];
  return { ...(quarantine === undefined ? {} : { quarantine }), ...(kinds.length === 0 ? {} : { redact: kinds }) };
}

const rank = (level: RiskLevel): number => riskLevels.indexOf(level);
