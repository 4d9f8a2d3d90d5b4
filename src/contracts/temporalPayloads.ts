import { z } from 'zod';

const bytes = z.base64().meta({ description: 'Bytes in base64.' });

/** Payloads as Temporal's protocol of remote codecs sends them: the JSON form of its protobuf messages. */
export const temporalPayloadsSchema = z
  .object({
    payloads: z
      .array(z.object({ metadata: z.record(z.string().max(255), bytes).optional(), data: bytes.optional() }))
      .max(10_000),
  })
  .meta({ id: 'TemporalPayloads' });
export type TemporalPayloads = z.infer<typeof temporalPayloadsSchema>;
