import { z } from 'zod';
import { parsedJson } from '../../../contracts/parsedJson.ts';
import { feedAddress, feedTitle, type Feed } from './feedItem.ts';

const jsonFeedSchema = z.object({
  version: z.string().startsWith('https://jsonfeed.org/version/'),
  next_url: z.string().optional(),
  items: z.array(z.object({ id: z.union([z.string(), z.number()]).optional(), url: z.string().optional(), external_url: z.string().optional(), title: z.string().optional() })),
});

export function readJsonFeed(text: string, url: string): Feed | undefined {
  const parsed = jsonFeedSchema.safeParse(parsedJson(text.replace(/^\ufeff/, '')));
  if (!parsed.success) return undefined;
  const { items, next_url: next } = parsed.data;
  return {
    items: items.map((item) => ({ address: feedAddress(item.url ?? item.external_url, url), ...feedTitle(item.title), ...(item.id === undefined ? {} : { id: String(item.id) }) })),
    next: feedAddress(next, url),
  };
}
