import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Repeatable } from './retryPolicy.ts';
import type { Method, Transport } from './transport.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Of calls that POST a change: names it, so that the same call within 24 hours, even of another process, is carried out once. Calls that are repeated by themselves get one anyway. */
  readonly idempotencyKey?: string | undefined;
}
export interface PageOptions extends CallOptions {
  /** Items a request; the API's own default without it. */
  readonly pageSize?: number | undefined;
}

/** The calls of a resource, in the few shapes they have. */
export class Calls {
  readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  get<Answer>(path: string, schema: z.ZodType<Answer>, options: CallOptions): Promise<Answer> {
    return this.transport.send({ method: 'GET', path, schema, repeatable: 'always', signal: options.signal });
  }

  /** Sends JSON. `repeatable` says whether a second one does harm; of those that only set a state it does none. What goes by a key gets one for all its tries. */
  send<Answer>(method: Exclude<Method, 'GET'>, path: string, body: unknown, schema: z.ZodType<Answer>, options: CallOptions, repeatable: Repeatable = 'always'): Promise<Answer> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const idempotencyKey = options.idempotencyKey ?? (repeatable === 'byKey' ? randomUUID() : undefined);
    return this.transport.send({ method, path, schema, repeatable, idempotencyKey, signal: options.signal, ...(content === undefined ? {} : { body: () => ({ contentType: 'application/json', content }) }) });
  }

  /** All items of a list, a page at a time as they are consumed. */
  async *list<Page extends { readonly next: string | null }, Item>(
    path: string,
    parameters: Readonly<Record<string, string | undefined>>,
    schema: z.ZodType<Page>,
    itemsOf: (page: Page) => readonly Item[],
    options: PageOptions,
  ): AsyncGenerator<Item, void, undefined> {
    let cursor: string | null = null;
    do {
      const page: Page = await this.get(withQuery(path, { ...parameters, cursor: cursor ?? undefined, limit: options.pageSize?.toString() }), schema, options);
      yield* itemsOf(page);
      cursor = page.next;
    } while (cursor !== null);
  }
}

export function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** A path with its parts encoded. */
export function pathOf(...parts: readonly string[]): string {
  return `/v1/${parts.map(encodeURIComponent).join('/')}`;
}
