import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LoadOutcome {
  /** By status. */
  readonly answers: ReadonlyMap<number, number>;
  /** Requests that were sent and got no answer: what a drain must never cause. */
  readonly dropped: readonly string[];
}

interface LoadOptions {
  readonly url: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly callers: number;
  /** Asked ten times a second, as a load balancer does; once it says no, nobody begins another request. */
  readonly isReady: () => Promise<boolean>;
  /** Between an answer and the next request, at the most. */
  readonly thinkMs: number;
}

/** Callers on kept connections who ask one request after the other until they are told that the process is going. */
export async function loadUntilUnready(options: LoadOptions): Promise<LoadOutcome> {
  let isGoing = false;
  const watch = (async () => {
    while (!isGoing) {
      await sleep(100);
      isGoing = !(await options.isReady().catch(() => false));
    }
  })();
  const answers = new Map<number, number>();
  const dropped: string[] = [];
  const call = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isGoing) {
      const outcome = await ask(options, agent);
      if (typeof outcome === 'number') answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
      else dropped.push(outcome);
      await sleep(Math.random() * options.thinkMs);
    }
    agent.destroy();
  };
  await Promise.all([watch, ...Array.from({ length: options.callers }, call)]);
  return { answers, dropped };
}

/** The status, or what went wrong instead. */
function ask({ url, method = 'POST', headers, body = '' }: LoadOptions, agent: Agent): Promise<number | string> {
  return new Promise((resolve) => {
    const sent = request(url, { method, agent, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) } }, (response) => {
      response.resume();
      response.once('end', () => { resolve(response.statusCode ?? 0); });
      response.once('error', (error) => { resolve(error.message); });
    });
    sent.once('error', (error: NodeJS.ErrnoException) => { resolve(error.code ?? error.message); });
    sent.end(body);
  });
}
