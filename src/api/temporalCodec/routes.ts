import type { TemporalPayloads } from '../../contracts/temporalPayloads.ts';
import { temporalPayloadsSchema } from '../../contracts/temporalPayloads.ts';
import type { EncodedPayload } from '../../ports/payloadCrypt.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type CodecDependencies = Pick<ApiDependencies, 'payloadCrypt'>;

/** Temporal's protocol of remote codecs, for the Web UI and `temporal … --codec-endpoint`. */
export function createTemporalCodecRoutes({ payloadCrypt }: CodecDependencies): Route[] {
  return [
    codecRoute('decode', 'Decrypt payloads of workflows', 'Of every tenant, so that whoever is on call sees in the Temporal Web UI what a workflow was given and how it failed. Payloads that are not encrypted come back as they are. Each call is in the audit log of the caller’s tenant.', (payloads) => payloadCrypt.decode(payloads)),
    codecRoute('encode', 'Encrypt payloads for workflows', 'For what is sent to a workflow by hand. It is encrypted for no tenant in particular; where encryption is off it comes back as it is.', (payloads) => payloadCrypt.encode(payloads)),
  ];
}

function codecRoute(verb: 'decode' | 'encode', summary: string, description: string, work: (payloads: readonly EncodedPayload[]) => EncodedPayload[]): Route {
  return defineRoute({
    method: 'post',
    path: `/v1/temporal-codec/${verb}`,
    scope: 'payloads:decode',
    onlyReads: true,
    // Whoever reads what is other people's is told of.
    isAudited: true,
    body: temporalPayloadsSchema,
    documentation: {
      operationId: `${verb}TemporalPayloads`,
      tag: 'Operations',
      summary,
      description,
      answers: { 200: { description: 'The payloads, in their order.', schema: temporalPayloadsSchema } },
      failures: ['PAYLOAD_UNREADABLE', 'PAYLOAD_KEY_UNKNOWN', 'AUDIT_UNAVAILABLE'],
    },
    handle({ body }, _request, response) {
      response.json({ payloads: work(body.payloads.map(fromJson)).map(toJson) } satisfies TemporalPayloads);
    },
  });
}

type JsonPayload = TemporalPayloads['payloads'][number];

function fromJson({ metadata = {}, data = '' }: JsonPayload): EncodedPayload {
  return { metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])), data: Buffer.from(data, 'base64') };
}

function toJson({ metadata, data }: EncodedPayload): JsonPayload {
  return { metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')])), data: Buffer.from(data ?? []).toString('base64') };
}
