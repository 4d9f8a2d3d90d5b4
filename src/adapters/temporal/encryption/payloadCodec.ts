import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import { tenantOfWorkflow } from '../../../contracts/workflowIds.ts';
import type { EncodedPayload, PayloadCrypt } from '../../../ports/payloadCrypt.ts';
import { platform, unknownKey, unreadable } from './payloadCipher.ts';
import type { TenantCipher } from '../../shared/tenantCipher.ts';

export interface CodecOptions {
  /** Undefined: there are no keys. */
  readonly cipher: TenantCipher | undefined;
  /** False: encrypted payloads are read, and new ones sent as they are. */
  readonly encrypts: boolean;
}

const encrypted = 'binary/encrypted';
const names = { encoding: 'encoding', cipher: 'encryption-cipher', keyId: 'encryption-key-id', tenant: 'encryption-tenant' } as const;
const wire = proto.temporal.api.common.v1.Payload;

/**
 * Encrypts what Temporal stores of workflows and activities. The SDK says which workflow a payload is of, and the workflow's id names its
 * tenant: by that tenant's key it is encrypted, and only in a workflow of that tenant is it read. Payloads that are not encrypted are read
 * as they are, so that encryption can be switched on while work runs.
 */
export function createPayloadCodec({ cipher, encrypts }: CodecOptions): PayloadCodec {
  return {
    encode: (payloads, context) => settled(() => (cipher === undefined || !encrypts ? payloads : payloads.map((payload) => seal(cipher, tenantOf(context), payload)))),
    decode: (payloads, context) => settled(() => payloads.map((payload) => open(cipher, payload, context === undefined ? undefined : tenantOf(context)))),
  };
}

/** The same outside of workflows, where nobody says which workflow a payload is of: by the tenant that it names. */
export function createPayloadCrypt({ cipher, encrypts }: CodecOptions): PayloadCrypt {
  return {
    decode: (payloads) => payloads.map((payload) => open(cipher, payload, undefined)),
    encode: (payloads) => (cipher === undefined || !encrypts ? [...payloads] : payloads.map((payload) => seal(cipher, platform, payload))),
  };
}

/** What is done at once, as the SDK wants it: what it throws rejects. */
function settled<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => resolve(work()));
}

function tenantOf(context: SerializationContext | undefined): string {
  return tenantOfWorkflow(context?.workflowId ?? '') ?? platform;
}

function seal(cipher: TenantCipher, tenant: string, payload: EncodedPayload): Payload {
  const { keyId, bytes } = cipher.seal(tenant, wire.encode(payload).finish());
  const metadata = { [names.encoding]: encrypted, [names.cipher]: 'AES-256-GCM', [names.keyId]: keyId, [names.tenant]: tenant };
  return { metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value)])), data: bytes };
}

/** `expected`: the tenant of the workflow that the payload came with, where it is known. */
function open(cipher: TenantCipher | undefined, payload: EncodedPayload, expected: string | undefined): Payload {
  if (textOf(payload, names.encoding) !== encrypted) return payload;
  if (cipher === undefined) throw unknownKey(textOf(payload, names.keyId));
  const tenant = textOf(payload, names.tenant);
  if (expected !== undefined && tenant !== expected && tenant !== platform) throw unreadable('it is of another tenant than its workflow');
  const plain = cipher.open(tenant, { keyId: textOf(payload, names.keyId), bytes: payload.data ?? new Uint8Array(0) });
  const { metadata, data } = wire.decode(plain);
  return { metadata, data };
}

function textOf({ metadata }: EncodedPayload, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString();
}
