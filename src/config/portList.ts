import { z } from 'zod';
import { commaList } from './commaList.ts';

export const anyPort = 'any';

/** `80,443`, or `any`; undefined where nothing is said. */
export const portList = z.string().optional().transform((text, context): readonly number[] | typeof anyPort | undefined => {
  if (text === undefined || text.trim() === anyPort) return text === undefined ? undefined : anyPort;
  const ports = commaList(text);
  const wrong = ports.filter((port) => !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535);
  if (ports.length === 0 || wrong.length > 0) context.addIssue({ code: 'custom', message: `holds ${wrong.length === 0 ? 'no port' : `"${wrong.join('", "').slice(0, 100)}"`}; it takes numbers from 1 to 65535, or "any"` });
  return ports.map(Number);
});
