import { z } from 'zod';
import { chunkSchema } from '../../contracts/chunks.ts';
import { metadataSchema, sourceSchema } from '../../contracts/documents.ts';
import type { RiskKind, RiskLevel } from '../../contracts/risk.ts';
import type { ChunkPayload } from '../../ports/vectorIndex.ts';
import { codeTerms } from '../../tenancy/codeTerms.ts';
import { languageTerms } from '../../tenancy/languageTerms.ts';
import { metadataKeys, metadataTerms } from '../../tenancy/metadataTerms.ts';
import { sourceHostOf } from '../../tenancy/sourceHost.ts';
import { understood } from './understood.ts';

/** What is stored: the payload itself, and copies of the parts that filters need in another form. */
export interface StoredPayload extends Omit<ChunkPayload, 'tokenCodes'> {
  readonly tier: string;
  readonly metadataTerms: readonly string[];
  readonly metadataKeys: readonly string[];
  readonly languages: readonly string[];
  readonly sourceHost?: string | undefined;
  readonly codes: ReturnType<typeof codeTerms>;
  readonly riskLevel?: RiskLevel;
  readonly riskKinds?: readonly RiskKind[];
  readonly tokenCodes?: { readonly version: string; readonly base64: string };
}

/** As large as all the rest together: read only where it is asked for. */
export const tokenCodesField = 'tokenCodes';

export function toStored(payload: ChunkPayload): StoredPayload {
  const { tokenCodes, ...rest } = payload;
  const stored = {
    ...rest,
    tier: payload.chunk.tier,
    metadataTerms: metadataTerms(payload.metadata),
    metadataKeys: metadataKeys(payload.metadata),
    languages: languageTerms(payload.language),
    sourceHost: sourceHostOf(payload.source),
    codes: codeTerms(payload.chunk.codes ?? []),
    ...(payload.chunk.risk === undefined ? {} : { riskLevel: payload.chunk.risk.level, riskKinds: payload.chunk.risk.kinds }),
  };
  return tokenCodes === undefined || tokenCodes === null ? stored : { ...stored, [tokenCodesField]: { version: tokenCodes.version, base64: Buffer.from(tokenCodes.codes).toString('base64') } };
}

const payloadSchema = z.object({
  tenant: z.string(),
  document: z.string(),
  version: z.string(),
  sequence: z.number(),
  visible: z.boolean(),
  title: z.string(),
  source: sourceSchema,
  tags: z.array(z.string()),
  policies: z.array(z.string()),
  metadata: metadataSchema,
  ingestedAt: z.string(),
  language: z.string().optional(),
  chunk: chunkSchema,
});

const tokenCodesSchema = z.object({ [tokenCodesField]: z.object({ version: z.string(), base64: z.base64() }).optional() });

/** With the codes of tokens of that version if one is named. Throws INDEX_REJECTED where a point was not written by this product. */
export function fromStored(id: string, stored: unknown, tokenCodesOf?: string): ChunkPayload {
  const payload = understood(payloadSchema, stored, `payload of point ${id}`);
  if (tokenCodesOf === undefined) return payload;
  const { tokenCodes } = understood(tokenCodesSchema, stored, `codes of point ${id}`);
  const found = tokenCodes?.version === tokenCodesOf ? { version: tokenCodesOf, codes: new Uint8Array(Buffer.from(tokenCodes.base64, 'base64')) } : null;
  return { ...payload, tokenCodes: found };
}
