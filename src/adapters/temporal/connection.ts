import { Client, Connection } from '@temporalio/client';
import type { Config } from '../../config/config.ts';
import { CatalystError } from '../../contracts/errors.ts';

export interface TemporalOptions {
  readonly connectionOptions: Config['temporal']['connectionOptions'];
  readonly namespace: string;
}

/** A client that connects at its first call, so that a process can start while Temporal is still down. */
export function createTemporalClient({ connectionOptions, namespace }: TemporalOptions): { readonly connection: Connection; readonly client: Client } {
  const { address, apiKey, tls, metadata } = connectionOptions;
  const connection = Connection.lazy({
    ...(address === undefined ? {} : { address }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: metadata }),
    connectTimeout: '5s',
  });
  return { connection, client: new Client({ connection, namespace }) };
}

export function translateTemporalError(thrown: unknown): CatalystError {
  if (thrown instanceof CatalystError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CatalystError('WORKFLOWS_UNAVAILABLE', `Temporal does not answer: ${message}.`, { cause: thrown });
}
