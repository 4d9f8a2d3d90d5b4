import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Activities } from '../../src/activities/createActivities.ts';
import { principalHeader } from '../../src/workflows/names.ts';

/** A client of somebody who has access to Temporal and not to the keys: what it starts bears this header, or none. */
export function intruderWith(connection: Connection, header: string | undefined): Client {
  const headers = header === undefined ? {} : { [principalHeader]: defaultPayloadConverter.toPayload(header) };
  return new Client({ connection, interceptors: { workflow: [{ startWithDetails: (input, next) => next({ ...input, headers: { ...input.headers, ...headers } }) }] } });
}

/** Activities that tell which of them were really run. */
export function recorded(activities: Activities, ran: string[]): Activities {
  const entries = Object.entries(activities).map(([name, activity]) => [
    name,
    (...args: unknown[]) => {
      ran.push(name);
      return (activity as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(entries) as Activities;
}
