import { z } from 'zod';
import { tokenAlgorithms } from '../contracts/tokenAlgorithms.ts';
import type { TokenAlgorithm } from '../contracts/tokenAlgorithms.ts';
import { commaList } from './commaList.ts';

const isKnown = (name: string): name is TokenAlgorithm => (tokenAlgorithms as readonly string[]).includes(name);

/** `ES256,EdDSA`; undefined where nothing is said. */
export const tokenAlgorithmList = z.string().optional().transform((text, context) => {
  if (text === undefined) return undefined;
  const names = commaList(text);
  const unknown = names.filter((name) => !isKnown(name));
  if (names.length === 0 || unknown.length > 0) context.addIssue({ code: 'custom', message: `holds ${unknown.length === 0 ? 'no algorithm' : `"${unknown.join('", "').slice(0, 100)}"`}; it takes ${tokenAlgorithms.join(', ')}` });
  return names.filter(isKnown);
});
