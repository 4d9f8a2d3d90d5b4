import { z } from 'zod';
import { personalDataKinds } from '../contracts/personalData.ts';
import type { PersonalDataKind } from '../contracts/personalData.ts';
import { commaList } from './commaList.ts';

const isKnown = (name: string): name is PersonalDataKind => (personalDataKinds as readonly string[]).includes(name);

/** `email,iban`; none where nothing is said. */
export const personalDataList = z.string().optional().transform((text, context): readonly PersonalDataKind[] => {
  const names = commaList(text);
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0) context.addIssue({ code: 'custom', message: `holds "${unknown.join('", "').slice(0, 100)}"; it takes ${personalDataKinds.join(', ')}` });
  return names.filter(isKnown);
});
