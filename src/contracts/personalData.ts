import { z } from 'zod';

/** What says who somebody is, or opens what is theirs. `field`: what stands behind a name such as "date of birth:" or "password=". */
export const personalDataKinds = ['email', 'phone', 'iban', 'card', 'ssn', 'field'] as const;
export const personalDataKindSchema = z.enum(personalDataKinds).meta({ id: 'PersonalDataKind' });
export type PersonalDataKind = z.infer<typeof personalDataKindSchema>;
