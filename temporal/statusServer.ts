import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ReadinessMonitor } from '../src/observability/readinessMonitor.ts';

export interface StatusServerOptions {
  readonly host: string;
  readonly port: number;
  readonly readiness: ReadinessMonitor;
  readonly startup: { readonly ready: boolean };
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
}

/** The worker's own small server: is it alive, has it started, do its dependencies answer, what does it count. */
export async function startStatusServer(options: StatusServerOptions): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', options).then(
      ({ status, contentType, body }) => response.writeHead(status, { 'content-type': contentType }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

async function answer(url: string, { readiness, startup, metrics }: StatusServerOptions): Promise<Answer> {
  switch (url.split('?')[0]) {
    case '/livez':
      return json(200, { status: 'live' });
    case '/startupz':
      return json(startup.ready ? 200 : 503, { status: startup.ready ? 'started' : 'starting' });
    case '/readyz': {
      const report = await readiness.report();
      const status = startup.ready ? report.status : 'unavailable';
      return json(status === 'unavailable' ? 503 : 200, { ...report, status });
    }
    case '/metrics':
      return { status: 200, contentType: metrics.contentType, body: await metrics.render() };
    default:
      return json(404, { status: 'unknown path' });
  }
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}
