import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Express } from 'express';

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The controller whose signal the app was made with, as `stopping`. */
  readonly stopping: AbortController;
  /** How long requests are still taken once the stop has begun. Default: not at all. */
  readonly drainMs?: number;
}

export interface ApiServer {
  readonly server: Server;
  /** Resolves with the port once connections are taken; rejects with the system's error (EADDRINUSE). */
  listen(): Promise<number>;
  /**
   * Goes on for `drainMs`, unready and ending each connection with its answer, so that whoever has one turns away by itself: a request
   * on its way to a connection that is closed here would be lost. Then takes no new connections, ends event streams, lets requests in work finish for at most `timeoutMs`, then cuts the rest.
   * Resolves once all connections are closed; safe to call again.
   */
  drain(timeoutMs: number): Promise<void>;
}

/** A client must send its headers within this time. Bodies have deadlines of their own, because uploads may take hours. */
const headersTimeoutMs = 15_000;
/** A connection on which nothing moves either way is dead; event streams send a sign of life more often. */
const silenceTimeoutMs = 120_000;
/** Longer than the keep-alive of usual load balancers (60 s), so that they never write to a connection that just closed. */
const keepAliveTimeoutMs = 65_000;

export function createServer(app: Express, options: ServerOptions): ApiServer {
  const server = createHttpServer({ headersTimeout: headersTimeoutMs, requestTimeout: 0, keepAliveTimeout: keepAliveTimeoutMs, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 }, app);
  server.setTimeout(silenceTimeoutMs);
  let closed: Promise<void> | undefined;
  return {
    server,
    async listen() {
      server.listen(options.port, options.host);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    drain(timeoutMs) {
      closed ??= drainServer(server, options, timeoutMs);
      return closed;
    },
  };
}

/** Connections that were opened before the end are given this time to bring the request they were opened for. */
const arrivalMs = 250;

/** Node's own way ends at once all connections without a request, among them those whose request has come and is not read yet. */
async function stopListening(server: Server, drainMs: number): Promise<void> {
  if (drainMs === 0) {
    server.close();
    return;
  }
  NetServer.prototype.close.call(server);
  await sleep(arrivalMs);
}

async function drainServer(server: Server, { stopping, drainMs = 0 }: ServerOptions, timeoutMs: number): Promise<void> {
  stopping.abort();
  if (!server.listening) return;
  if (drainMs > 0) await sleep(drainMs);
  const closed = once(server, 'close');
  await stopListening(server, drainMs);
  // Requests that began before the stop answer with keep-alive; their connections are closed as they fall idle.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 100);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, timeoutMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
