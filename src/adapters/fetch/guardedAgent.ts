import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { Agent, buildConnector } from 'undici';
import { forbidden, literalAddress, type AddressRule } from '../shared/targetUrl.ts';

type LookupAll = (hostname: string, options: LookupOptions & { all: true }, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;
type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

export interface GuardedAgentOptions {
  readonly isAllowed: AddressRule;
  readonly timeoutMs: number;
  readonly connectionsPerHost: number;
  /** Instead of the system's names. */
  readonly lookup?: LookupAll | undefined;
}

/**
 * An agent that looks at the address it is about to connect to, after DNS and for each connection anew,
 * so that neither a name nor a change of its answer leads into the private network.
 */
export function createGuardedAgent(options: GuardedAgentOptions): Agent {
  const { isAllowed, timeoutMs } = options;
  const connect = buildConnector({ timeout: Math.min(timeoutMs, 10_000), lookup: createGuardedLookup(isAllowed, options.lookup) });
  return new Agent({
    connect(target, callback) {
      const literal = literalAddress(target.hostname);
      // Literals are never looked up.
      if (literal !== undefined && !isAllowed(literal)) return callback(forbidden(target.hostname, 'is not on the public internet'), null);
      connect(target, callback);
    },
    connections: options.connectionsPerHost,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
    maxHeaderSize: 64 * 1024,
  });
}

/** A `lookup` for sockets that refuses a name of which any address is not allowed. */
export function createGuardedLookup(isAllowed: AddressRule, resolve: LookupAll = systemLookup) {
  return function guardedLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      const refused = addresses.find(({ address }) => !isAllowed(address));
      if (refused !== undefined || first === undefined) return callback(forbidden(hostname, 'is not on the public internet'), []);
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
