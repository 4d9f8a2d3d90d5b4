import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { apiUrl } from './announcement.ts';
import { signOperatorToken } from './developmentToken.ts';
import type { Environment } from './processEnvironment.ts';
import type { LocalSettings } from './settings.ts';

export interface CodecDoor {
  close(): Promise<void>;
}

/** Whether the Web UI of this stack needs somebody to decrypt what it shows, and the stack can prove itself to the API. */
export function needsCodecDoor(environment: Environment): boolean {
  return environment['CATALYST_PAYLOAD_ENCRYPTION'] === 'on' && environment['CATALYST_AUTH_JWKS_URL'] === undefined && environment['CATALYST_AUTH_PUBLIC_KEY'] === undefined;
}

/** Where the Web UI of this stack asks. */
export function codecDoorUrl({ ports }: LocalSettings): string {
  return `http://127.0.0.1:${ports.codec}`;
}

/**
 * Stands for the log-in that the Web UI of the development server does not have: hands its questions on to the API's codec with a token of
 * this machine. Only pages of that Web UI get an answer, and only here; in production the Web UI passes the token of who looks at it.
 */
export async function openCodecDoor(settings: LocalSettings, environment: Environment): Promise<CodecDoor> {
  const origins = new Set(['127.0.0.1', 'localhost'].map((host) => `http://${host}:${settings.ports.temporalUi}`));
  const server = createServer((request, response) => {
    answer(request, response, origins, settings, environment).catch(() => response.writeHead(502).end());
  });
  server.listen(settings.ports.codec, '127.0.0.1');
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, origins: ReadonlySet<string>, settings: LocalSettings, environment: Environment): Promise<void> {
  const { origin = '' } = request.headers;
  // A page of any other site, or a name that was pointed here, has another origin.
  if (!origins.has(origin)) return void response.writeHead(403).end();
  const shared = { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'authorization, content-type, x-namespace', 'access-control-allow-methods': 'POST', vary: 'Origin' };
  if (request.method === 'OPTIONS') return void response.writeHead(204, shared).end();
  const verb = /^\/(decode|encode)$/.exec(request.url ?? '')?.[1];
  if (request.method !== 'POST' || verb === undefined) return void response.writeHead(404, shared).end();
  const authorization = `Bearer ${await signOperatorToken(environment)}`;
  const answered = await fetch(`${apiUrl(settings)}/v1/temporal-codec/${verb}`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: await text(request) });
  response.writeHead(answered.status, { ...shared, 'content-type': answered.headers.get('content-type') ?? 'application/json' }).end(await answered.text());
}
