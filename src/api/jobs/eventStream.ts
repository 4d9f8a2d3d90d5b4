import { once } from 'node:events';
import type { Response } from 'express';

const heartbeatMs = 15_000;
/** How long a client waits before it opens a broken stream again. */
const reconnectMs = 2_000;

/** Server-sent events over one response; the heartbeat keeps proxies from taking a quiet stream for a dead one. */
export interface EventStream {
  /** Waits while the client reads slower than events come. */
  send(event: string, data: unknown, id?: string): Promise<void>;
  /** Aborted once the client has left. */
  readonly left: AbortSignal;
  end(): void;
}

export function openEventStream(response: Response): EventStream {
  const left = new AbortController();
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  response.once('close', () => {
    clearInterval(heartbeat);
    left.abort();
  });
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.write(`retry: ${reconnectMs}\n\n`);
  return {
    left: left.signal,
    async send(event, data, id) {
      if (left.signal.aborted) return;
      const taken = response.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (!taken) await once(response, 'drain', { signal: left.signal }).catch(() => undefined);
    },
    end() {
      clearInterval(heartbeat);
      response.end();
    },
  };
}
