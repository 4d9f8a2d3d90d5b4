import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../schedule/schedule.ts';
import { Carrier } from './carrier.ts';

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

interface Pair {
  readonly sockets: readonly [Socket, Socket];
  readonly carriers: readonly Carrier[];
}

/** Passes TCP connections on to a server, as well or as badly as it is told to. */
export class FaultProxy {
  readonly #target: ProxyTarget;
  readonly #pairs = new Set<Pair>();
  #server: Server;
  #port = 0;
  #latencyMs = 0;
  #bytesPerSecond = Infinity;
  #stalled: PromiseWithResolvers<void> | undefined;
  #closed = false;
  /** Faults overlap; each condition ends with the last fault that set it. */
  #generation = { refuse: 0, slow: 0, stall: 0 };

  private constructor(target: ProxyTarget) {
    this.#target = target;
    this.#server = this.#newServer();
  }

  static async start(target: ProxyTarget): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.#listen();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Brings the fault about; resolves at once, the fault ends by itself. @returns how many connections it hit. */
  apply(fault: Fault): number {
    const hit = this.connections;
    switch (fault.kind) {
      case 'cut':
        this.#cut();
        break;
      case 'refuse':
        void this.#refuse(fault.milliseconds);
        break;
      case 'slow':
        void this.#slow(fault.latencyMs, fault.bytesPerSecond, fault.milliseconds);
        break;
      case 'stall':
        void this.#stall(fault.milliseconds);
        break;
      case 'forget':
        for (const { carriers } of this.#pairs) for (const carrier of carriers) carrier.forget();
    }
    return hit;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stalled?.resolve();
    this.#server.close();
    for (const { sockets } of this.#pairs) for (const socket of sockets) socket.destroy();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #newServer(): Server {
    return createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #accept(client: Socket): void {
    const upstream = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    const conditions = { latencyMs: () => this.#latencyMs, bytesPerSecond: () => this.#bytesPerSecond, open: () => this.#stalled?.promise };
    const pair: Pair = { sockets: [client, upstream], carriers: [new Carrier(conditions), new Carrier(conditions)] };
    this.#pairs.add(pair);
    const [there, back] = pair.carriers as [Carrier, Carrier];
    client.pipe(there).pipe(upstream);
    upstream.pipe(back).pipe(client);
    for (const [socket, other, carrier] of [[client, upstream, there], [upstream, client, back]] as const) {
      // A server that is gone, or a client that was killed: the other side sees a broken connection too, unless all was forgotten.
      socket.on('error', () => {
        if (!carrier.forgotten) other.resetAndDestroy();
      });
      socket.on('close', () => {
        if (client.closed && upstream.closed) this.#pairs.delete(pair);
      });
    }
  }

  #cut(): void {
    for (const { sockets } of this.#pairs) for (const socket of sockets) socket.resetAndDestroy();
  }

  async #refuse(milliseconds: number): Promise<void> {
    const generation = (this.#generation.refuse += 1);
    this.#server.close();
    this.#cut();
    await sleep(milliseconds);
    if (generation !== this.#generation.refuse) return;
    while (!this.#closed) {
      try {
        this.#server = this.#newServer();
        await this.#listen();
        return;
      } catch {
        // Somebody holds the port for a moment.
        await sleep(100);
      }
    }
  }

  async #slow(latencyMs: number, bytesPerSecond: number, milliseconds: number): Promise<void> {
    const generation = (this.#generation.slow += 1);
    [this.#latencyMs, this.#bytesPerSecond] = [latencyMs, bytesPerSecond];
    await sleep(milliseconds);
    if (generation === this.#generation.slow) [this.#latencyMs, this.#bytesPerSecond] = [0, Infinity];
  }

  async #stall(milliseconds: number): Promise<void> {
    const generation = (this.#generation.stall += 1);
    this.#stalled ??= Promise.withResolvers<void>();
    await sleep(milliseconds);
    if (generation !== this.#generation.stall) return;
    this.#stalled?.resolve();
    this.#stalled = undefined;
  }
}
