import { Client, Connection } from '@temporalio/client';
import type { ClientInterceptors } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { DataConverter, Headers } from '@temporalio/common';
import type { Config } from '../../config/config.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { WorkPrincipal } from '../../contracts/workPrincipal.ts';
import type { PrincipalSignatures } from '../../ports/principalSignatures.ts';
import { isPartOf } from '../../contracts/workflowIds.ts';
import { principalHeader } from '../../workflows/names.ts';

export interface TemporalOptions {
  readonly connectionOptions: Config['temporal']['connectionOptions'];
  readonly namespaces: TenantNamespaces;
  readonly signatures: PrincipalSignatures;
  readonly dataConverter: DataConverter;
}

/** Which namespace the workflows of a tenant run in. */
export interface TenantNamespaces {
  /** Of all tenants that have none of their own, and of the platform. */
  readonly common: string;
  readonly own: Readonly<Record<string, string>>;
}

/** Clients over one connection. */
export interface TemporalClients {
  readonly connection: Connection;
  readonly namespaces: TenantNamespaces;
  readonly signatures: PrincipalSignatures;
  /** In the namespace of the tenant. What it starts carries no principal: for questions and signals alone. */
  readonly of: (tenant: string) => Client;
  readonly ofNamespace: (namespace: string) => Client;
  /** Puts the signed principal on what it starts, and starts nothing but its work: in the namespace of its tenant, or the one that is named. */
  readonly actingFor: (principal: WorkPrincipal, namespace?: string) => Client;
}

/** Clients that connect at their first call, so that a process can start while Temporal is still down. */
export function createTemporalClients({ connectionOptions, namespaces, signatures, dataConverter }: TemporalOptions): TemporalClients {
  const { address, apiKey, tls, metadata } = connectionOptions;
  const connection = Connection.lazy({
    ...(address === undefined ? {} : { address }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: metadata }),
    connectTimeout: '5s',
  });
  return clientsOver(connection, { namespaces, signatures, dataConverter });
}

export function clientsOver(connection: Connection, { namespaces, signatures, dataConverter }: Omit<TemporalOptions, 'connectionOptions'>): TemporalClients {
  const plain = new Map<string, Client>();
  const ofNamespace = (namespace: string): Client => {
    const client = plain.get(namespace) ?? new Client({ connection, namespace, dataConverter });
    plain.set(namespace, client);
    return client;
  };
  return {
    connection,
    namespaces,
    signatures,
    ofNamespace,
    of: (tenant) => ofNamespace(namespaceOf(namespaces, tenant)),
    actingFor: (principal, namespace = principal.kind === 'tenant' ? namespaceOf(namespaces, principal.tenant) : namespaces.common) => new Client({ connection, namespace, dataConverter, interceptors: interceptorsFor(principal, signatures) }),
  };
}

export function namespaceOf({ common, own }: TenantNamespaces, tenant: string): string {
  return (Object.hasOwn(own, tenant) ? own[tenant] : undefined) ?? common;
}

/** The common one first. */
export function allNamespaces({ common, own }: TenantNamespaces): string[] {
  return [...new Set([common, ...Object.values(own)])];
}

function interceptorsFor(principal: WorkPrincipal, signatures: PrincipalSignatures): ClientInterceptors {
  const signed = async (headers: Headers, workflowId: string): Promise<Headers> => {
    const isIts = principal.kind === 'platform' ? isPartOf(workflowId, principal.workflowId) : workflowId === principal.workflowId;
    if (!isIts) throw new CatalystError('INTERNAL', `A principal for ${principal.workflowId} was about to start ${workflowId}.`);
    return { ...headers, ...(await principalHeaders(principal, signatures)) };
  };
  return {
    workflow: [
      {
        startWithDetails: async (input, next) => next({ ...input, headers: await signed(input.headers, input.options.workflowId) }),
        signalWithStart: async (input, next) => next({ ...input, headers: await signed(input.headers, input.options.workflowId) }),
      },
    ],
    schedule: [{ create: async (input, next) => next({ ...input, headers: await signed(input.headers, input.options.action.workflowId) }) }],
  };
}

export async function principalHeaders(principal: WorkPrincipal, signatures: PrincipalSignatures): Promise<Headers> {
  return { [principalHeader]: defaultPayloadConverter.toPayload(await signatures.sign(principal)) };
}

export function translateTemporalError(thrown: unknown): CatalystError {
  if (thrown instanceof CatalystError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CatalystError('WORKFLOWS_UNAVAILABLE', `Temporal does not answer: ${message}.`, { cause: thrown });
}
