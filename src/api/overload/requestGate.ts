import type { Request, RequestHandler } from 'express';
import { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { RefusalCause } from '../../contracts/overload.ts';
import { principalOfRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import type { Admission } from './admission.ts';
import { createLoadWatch } from './loadWatch.ts';

/** What stands before the work of some routes, which share what they may do at once. */
export interface RequestGate {
  /** Lets the request on when it is its turn. Throws OVERLOADED, before anything is made of the body. */
  readonly enter: RequestHandler;
  /** The work of the request, after which its place is free: not before, even if the caller has left and no longer waits for it. */
  during(request: Request, work: () => Promise<void>): Promise<void>;
}

export function createRequestGate(admission: Admission, emit: EventSink): RequestGate {
  const watch = createLoadWatch(emit, () => admission.state.limit);
  const wait = async (tenant: string, route: string) => {
    const startedAt = performance.now();
    const waits = admission.isFull;
    if (waits) watch.change(route, 'waiting', 1);
    const entry = await admission.enter(tenant);
    if (!waits) return entry;
    watch.change(route, 'waiting', -1);
    emit({ type: 'request.waited', route, waitedMs: performance.now() - startedAt });
    return entry;
  };
  return {
    async enter(request, response, next) {
      const { tenant } = principalOfRequest(request);
      const context = contextOf(request);
      const route = context.route ?? 'unmatched';
      const entry = await wait(tenant, route);
      if (!entry.admitted) {
        const { cause, retryAfterMs } = entry;
        emit({ type: 'request.shed', tenant, route, cause, retryAfterMs });
        throw new CatalystError('OVERLOADED', messages[cause], { retryAfterMs });
      }
      // The caller may have left meanwhile; there is nobody to work for.
      if (response.closed) return entry.leave();
      watch.change(route, 'inWork', 1);
      const turn = { working: false, leave: once(() => {
        watch.change(route, 'inWork', -1);
        entry.leave();
      }) };
      context.turn = turn;
      // A request whose body cannot be read never comes to its work.
      response.once('close', () => {
        if (!turn.working) turn.leave();
      });
      next();
    },
    async during(request, work) {
      const { turn } = contextOf(request);
      if (turn !== undefined) turn.working = true;
      try {
        await work();
      } finally {
        turn?.leave();
      }
    },
  };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}

const messages = {
  full: 'More requests wait for their turn than can be served in good time.',
  waited: 'The request waited for its turn until an answer would have come too late.',
  displaced: 'The request gave way to one of another tenant that has fewer of them waiting.',
} as const satisfies Record<RefusalCause, string>;
