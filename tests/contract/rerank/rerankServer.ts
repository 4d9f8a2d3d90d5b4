import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** What was sent, in whichever dialect, and how that dialect answers scores by index. */
export interface Exchange {
  readonly query: string;
  readonly texts: readonly string[];
  readonly answerOf: (scored: readonly { readonly index: number; readonly score: number }[]) => unknown;
}

export type Behaviour = (exchange: Exchange, response: ServerResponse, asked: Asked) => void;

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Words of the query that the text has. */
export function overlapOf(query: string, text: string): number {
  const words = new Set(text.toLowerCase().split(/\W+/));
  return new Set(query.toLowerCase().split(/\W+/).filter((word) => word !== '' && words.has(word))).size;
}

export const honest: Behaviour = ({ query, texts, answerOf }, response) => {
  const scored = texts.map((text, index) => ({ index, score: overlapOf(query, text) })).sort((left, right) => right.score - left.score);
  sendJson(response, 200, answerOf(scored));
};

/** Listens on loopback and speaks `/v2/rerank` as Cohere does, `/v1/rerank` as vLLM and Jina, `/rerank` as Text Embeddings Inference, and `/v1/chat/completions`. */
export async function startRerankServer() {
  const state = { behave: honest, asked: [] as Asked[] };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const asked = { path: request.url, authorization: request.headers.authorization, body: JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown> };
      state.asked.push(asked);
      const exchange = exchangeOf(asked);
      if (exchange === undefined) sendJson(response, 404, { message: `no ${request.url}` });
      else state.behave(exchange, response, asked);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reset() {
      state.behave = honest;
      state.asked = [];
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export type RerankServer = Awaited<ReturnType<typeof startRerankServer>>;

function exchangeOf({ path, body }: Asked): Exchange | undefined {
  switch (path) {
    case '/v1/rerank':
    case '/v2/rerank':
      return {
        query: body['query'] as string,
        texts: body['documents'] as string[],
        answerOf: (scored) => ({ id: 'r', model: body['model'], results: scored.map(({ index, score }) => ({ index, relevance_score: score })), usage: { total_tokens: 7 } }),
      };
    case '/rerank':
      return { query: body['query'] as string, texts: body['texts'] as string[], answerOf: (scored) => scored };
    case '/v1/chat/completions': {
      const { query, passages } = JSON.parse((body['messages'] as { content: string }[])[1]?.content ?? '') as { query: string; passages: { text: string }[] };
      return { query, texts: passages.map(({ text }) => text), answerOf: (scored) => completionOf(JSON.stringify({ order: scored.map(({ index }) => index + 1) })) };
    }
    default:
      return undefined;
  }
}

export function completionOf(content: string | null, more: { readonly refusal?: string; readonly finish_reason?: string } = {}): unknown {
  const { refusal = null, finish_reason = 'stop' } = more;
  return { id: 'c', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content, refusal }, finish_reason }] };
}
