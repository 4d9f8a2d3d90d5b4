import { z } from 'zod';
import { personalDataKindSchema } from './personalData.ts';
import type { PersonalDataKind } from './personalData.ts';

export const mostRevealed = 100;

/** 80 bits of a keyed hash, in the letters of base32. */
export const vaultNamePattern = /^[a-z2-7]{16}$/;

export const vaultNameSchema = z
  .string()
  .regex(vaultNamePattern, 'the sixteen letters and digits behind the "#" of a mark such as "[email#k3v7abcdefgh2345]"')
  .meta({ id: 'VaultName', description: 'Name of an entry of the vault, as it stands in marks.', example: 'k3v7abcdefgh2345' });

export const revealRequestSchema = z
  .strictObject({ names: z.array(vaultNameSchema).min(1).max(mostRevealed).meta({ description: `At most ${mostRevealed}.` }) })
  .meta({ id: 'RevealRequest' });
export type RevealRequest = z.infer<typeof revealRequestSchema>;

/** Personal data that was replaced by a mark. */
export interface PersonalValue {
  readonly name: string;
  readonly kind: PersonalDataKind;
  readonly value: string;
}

export const revealResponseSchema = z
  .object({
    entries: z.array(z.object({ name: vaultNameSchema, kind: personalDataKindSchema, value: z.string().meta({ description: 'As it was written where it was found first.' }) })),
    missing: z.array(vaultNameSchema).meta({ description: 'Names that are unknown, of another tenant, or only in documents that the caller may not see; nothing tells which.' }),
  })
  .meta({ id: 'RevealResponse' });
export type RevealResponse = z.infer<typeof revealResponseSchema>;
