import { z } from 'zod';

/** From least to most. */
export const riskLevels = ['low', 'medium', 'high'] as const;
export const riskLevelSchema = z.enum(riskLevels).meta({ id: 'RiskLevel' });
export type RiskLevel = z.infer<typeof riskLevelSchema>;

/** What a text does that texts for people do not: it speaks to a model that will read it, or hides from the eye. */
export const riskKinds = {
  'instruction-override': 'tells a model to leave what it was told before',
  'role-change': 'tells a model to be somebody else, or to leave its limits',
  'prompt-extraction': 'asks a model for its own instructions',
  exfiltration: 'has secrets or conversations sent to an address',
  'model-address': 'speaks to a model or assistant, and tells it what to do',
  'prompt-markup': 'holds marks by which conversations are told to a model',
  'encoded-instruction': 'holds instructions in an encoding that people do not read',
  'hidden-instruction': 'the document holds instructions where readers do not see them',
  'hidden-text': 'the document holds text in characters that are not shown',
  'bidi-override': 'the document has text shown in another order than it is written in',
  'zero-width': 'the document has words that are cut by characters without width',
} as const;
export type RiskKind = keyof typeof riskKinds;
export const riskKindSchema = z.enum(Object.keys(riskKinds) as [RiskKind, ...RiskKind[]]).meta({ id: 'RiskKind' });

/** Found in a passage, or in the document around it. */
export const riskSchema = z.object({ level: riskLevelSchema, kinds: z.array(riskKindSchema).min(1) }).meta({ id: 'Risk', description: 'What the passage, or the document around it, holds that is meant for a model that reads it rather than for people.' });
export type Risk = z.infer<typeof riskSchema>;

export const riskFilterSchema = z
  .strictObject({
    atMost: z.enum(['none', ...riskLevels]).optional().meta({ description: 'Passages of no higher risk; `none`: those in which nothing was found.' }),
    kinds: z.array(riskKindSchema).min(1).optional().meta({ description: 'Passages in which any of these was found.' }),
  })
  .meta({ id: 'RiskFilter', examples: [{ atMost: 'low' }] });
export type RiskFilter = z.infer<typeof riskFilterSchema>;

const levelOfKind: Record<RiskKind, RiskLevel> = {
  'instruction-override': 'high',
  'role-change': 'medium',
  'prompt-extraction': 'high',
  exfiltration: 'medium',
  'model-address': 'medium',
  'prompt-markup': 'medium',
  'encoded-instruction': 'high',
  'hidden-instruction': 'high',
  'hidden-text': 'medium',
  'bidi-override': 'medium',
  'zero-width': 'low',
};

export function isAtLeast(level: RiskLevel, least: RiskLevel): boolean {
  return riskLevels.indexOf(level) >= riskLevels.indexOf(least);
}

/** The levels above one; all of them above `none`. */
export function levelsAbove(level: RiskLevel | 'none'): RiskLevel[] {
  return riskLevels.filter((_, position) => position > (level === 'none' ? -1 : riskLevels.indexOf(level)));
}

/** The risk of what was found; two kinds that are each doubtful are not doubtful together. undefined where nothing was. */
export function riskOf(kinds: Iterable<RiskKind>): Risk | undefined {
  const found = [...new Set(kinds)].sort();
  if (found.length === 0) return undefined;
  const levels = found.map((kind) => levelOfKind[kind]);
  const doubtful = levels.filter((level) => level === 'medium').length;
  const level = levels.includes('high') || doubtful > 1 ? 'high' : doubtful === 1 ? 'medium' : 'low';
  return { level, kinds: found };
}
