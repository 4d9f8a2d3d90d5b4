import { z } from 'zod';
import { commaList } from './commaList.ts';

/** `https://app.example.org,https://admin.example.org`: scheme, host and port as browsers write them, nothing after them. */
export const originList = z.string().optional().transform((text, context): readonly string[] => {
  const origins = commaList(text);
  const wrong = origins.filter((origin) => !isOrigin(origin));
  if (wrong.length > 0) context.addIssue({ code: 'custom', message: `holds "${wrong.join('", "').slice(0, 200)}"; an origin is http or https, a host and, where it is not the usual one, a port` });
  return origins;
});

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  return origin === text && (protocol === 'https:' || protocol === 'http:');
}
