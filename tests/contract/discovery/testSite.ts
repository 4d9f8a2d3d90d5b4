import type { LookupAddress } from 'node:dns';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isPublicAddress } from '../../../src/adapters/shared/addressRules.ts';
import { createHttpClient, type HttpClientOptions } from '../../../src/adapters/fetch/httpClient.ts';
import type { WebClient } from '../../../src/adapters/shared/webClient.ts';
import { startServer, type Handler, type TestServer } from '../sourceReader/testServer.ts';

/** Page text, or all of an answer. */
export type Answer = string | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Uint8Array; readonly delayMs?: number };

export interface TestSite {
  /** http://site.test:PORT */
  readonly origin: string;
  readonly port: number;
  /** Answers of the site by path and query; of another host by `host/path`. A function is asked each time, with the number of the request. */
  readonly pages: Map<string, Answer | ((count: number, request: IncomingMessage) => Answer) | { readonly handler: Handler }>;
  /** Requests by path (and query), robots.txt among them; of other hosts by `host/path`. */
  readonly counts: Map<string, number>;
  readonly times: Map<string, number[]>;
  /** The most that were being answered at once. */
  mostAtOnce(): number;
  /** Forgets what was asked, not what is answered. */
  forget(): void;
  client(options?: Partial<HttpClientOptions>): WebClient;
  close(): Promise<void>;
}

const siteHost = 'site.test';

/** A web site under names of its own; names that begin with `private.` and all numbers but 127.0.0.1 are refused as in production. */
export async function startTestSite(): Promise<TestSite> {
  const pages: TestSite['pages'] = new Map();
  const counts = new Map<string, number>();
  const times = new Map<string, number[]>();
  const clients: WebClient[] = [];
  let running = 0;
  let most = 0;
  const server: TestServer = await startServer((request, response) => {
    most = Math.max(most, (running += 1));
    response.on('close', () => (running -= 1));
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = host === siteHost ? request.url! : host + request.url!;
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    times.set(path, [...(times.get(path) ?? []), performance.now()]);
    const page = pages.get(path);
    if (typeof page === 'object' && 'handler' in page) page.handler(request, response);
    else send(response, page === undefined ? { status: 404, body: 'there is no such page' } : typeof page === 'function' ? page(count, request) : page);
  });
  return {
    origin: `http://${siteHost}:${server.port}`,
    port: server.port,
    pages,
    counts,
    times,
    mostAtOnce: () => most,
    forget() {
      counts.clear();
      times.clear();
      most = 0;
    },
    client(options = {}) {
      const client = createHttpClient({
        userAgent: 'CatalystTest/1.0',
        timeoutMs: 1_000,
        maximumBytes: 1_000_000,
        maximumRedirects: 5,
        allowPrivateAddresses: false,
        isAllowedAddress: (address) => address === '127.0.0.1' || isPublicAddress(address),
        lookup,
        ...options,
      });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await server.close();
    },
  };
}

function lookup(hostname: string, _options: unknown, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void): void {
  if (hostname.startsWith('private.')) callback(null, [{ address: '10.0.0.1', family: 4 }]);
  else if (hostname.endsWith('.test')) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(Object.assign(new Error(`unknown host ${hostname}`), { code: 'ENOTFOUND' }), []);
}

function send(response: ServerResponse, answer: Answer): void {
  const { status = 200, headers = {}, body = '', delayMs = 0 } = typeof answer === 'string' ? { body: answer } : answer;
  setTimeout(() => response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body), delayMs);
}

/** A page of its own text with links. */
export function page(text: string, links: readonly string[] = [], head = ''): string {
  return `<!doctype html><html><head><title>${text}</title>${head}</head><body><p>${text}</p>${links.map((link) => `<a href="${link}">link</a>`).join('\n')}</body></html>`;
}

export const redirect = (location: string, status = 302): Answer => ({ status, headers: { location } });
