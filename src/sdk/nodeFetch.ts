import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import type { Fetch, FetchOptions } from './transport.ts';

const bodilessStatuses = new Set([204, 205, 304]);

/**
 * `fetch` over Node's own client, for the two things in which the built-in one falls short of long transfers: it has no fixed
 * limit of 300 s for headers and body (the transport measures silence itself), and an answer that comes while the body is
 * still being sent, such as a refusal, is read instead of lost. Redirects are answers: a token is for one address.
 */
export const nodeFetch: Fetch = (url, options) =>
  new Promise((resolve, reject) => {
    const open = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(url, { method: options.method, headers: options.headers, signal: options.signal });
    // Also after the answer has begun: a connection that breaks then shows in the answer's body.
    request.on('error', reject);
    const sending = send(request, options.body);
    request.once('response', (incoming) => {
      incoming.once('end', () => void sending.then((whole) => whole || request.destroy()));
      resolve(responseOf(incoming));
    });
  });

/** Sends the body until it ends or nobody wants more; tells whether it was sent whole. Its failure ends the request. */
async function send(request: ClientRequest, body: FetchOptions['body']): Promise<boolean> {
  if (body === undefined || typeof body === 'string') {
    request.end(body);
    return true;
  }
  const unwanted = new AbortController();
  for (const event of ['response', 'error', 'close']) request.once(event, () => unwanted.abort());
  try {
    for await (const chunk of body) {
      if (unwanted.signal.aborted) return false;
      if (!request.write(chunk)) await once(request, 'drain', { signal: unwanted.signal });
    }
    request.end();
    return true;
  } catch (error) {
    if (!unwanted.signal.aborted) request.destroy(error instanceof Error ? error : new Error(String(error)));
    return false;
  }
}

function responseOf(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) for (const value of values ?? []) headers.append(name, value);
  const status = incoming.statusCode ?? 0;
  if (bodilessStatuses.has(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers });
}
