import { Agent, fetch } from 'undici';
import type { Fetch } from './transport.ts';

/**
 * `fetch` without its fixed limits of 300 s for headers and body, which cut long uploads and quiet event streams:
 * the transport measures silence itself.
 */
export function createDefaultFetch(): Fetch {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  const withAgent = (input: string, init: Parameters<typeof fetch>[1]): ReturnType<typeof fetch> => fetch(input, { ...init, dispatcher });
  // The types of the package and those of the runtime describe the same interface, release by release apart.
  return withAgent as unknown as Fetch;
}
