import { z } from 'zod';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { DiscoveredDocument, SourceDiscovery, UnreadableDocument } from '../../ports/sourceDiscovery.ts';
import { storableText } from '../shared/storableText.ts';
import type { WebClient } from '../shared/webClient.ts';
import { unreadablePage } from './unreadable.ts';

const cursorSchema = z.object({ taken: z.int() });
const pagesInStep = 1_000;

/** A list of pages is its own discovery: each is fetched when it is ingested. The client only says what is never fetched. */
export function createPagesDiscovery(web: Pick<WebClient, 'requireFetchable'>): SourceDiscovery {
  return {
    step({ definition, cursor }) {
      if (definition.type !== 'pages') return Promise.reject(new CatalystError('INTERNAL', `A ${definition.type} is not a list of pages.`));
      const start = cursor === null ? 0 : cursorSchema.parse(cursor).taken;
      const end = Math.min(start + pagesInStep, definition.urls.length);
      const { documents, unreadable } = namedPages(web, definition.urls.slice(start, end).map((url) => ({ address: url })));
      return Promise.resolve({ documents, unreadable, visited: [], found: [], cursor: { taken: end }, done: end === definition.urls.length, gaps: [] });
    },
    cancel: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Pages that a source names, to be fetched when they are ingested; those that never are, are unreadable. Each once. */
export function namedPages(web: Pick<WebClient, 'requireFetchable'>, pages: readonly { readonly address: string; readonly title?: string }[]): { readonly documents: DiscoveredDocument[]; readonly unreadable: UnreadableDocument[] } {
  const documents = new Map<string, DiscoveredDocument>();
  const unreadable = new Map<string, UnreadableDocument>();
  for (const { address, title } of pages) {
    const url = addressAsKnown(address);
    try {
      web.requireFetchable(url);
      const sourceKey = `url:${url}`;
      if (!documents.has(sourceKey)) documents.set(sourceKey, { sourceKey, source: { type: 'url', location: url }, origin: { type: 'url', url }, ...(title === undefined ? {} : { title }) });
    } catch (error) {
      const page = unreadablePage(withoutCredentials(url), toCatalystError(error));
      unreadable.set(page.sourceKey, page);
    }
  }
  return { documents: [...documents.values()], unreadable: [...unreadable.values()] };
}

/** As the API knows a page that is sent to it by address. */
function addressAsKnown(address: string): string {
  const url = URL.parse(address);
  if (url === null) return storableText(address, 2_048);
  url.hash = '';
  return url.href;
}

/** What is kept and shown holds no secrets. */
function withoutCredentials(address: string): string {
  const url = URL.parse(address);
  if (url === null || (url.username === '' && url.password === '')) return address;
  url.username = '';
  url.password = '';
  return url.href;
}
