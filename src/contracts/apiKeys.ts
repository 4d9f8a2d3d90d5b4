import { z } from 'zod';
import { labelSchema } from './documents.ts';
import { scopeSchema } from './scopes.ts';

export const apiKeyStates = ['active', 'expired', 'revoked'] as const;

const nameSchema = z.string().trim().min(1).max(100).meta({ description: 'For people: who or what uses it.' });
const prefixSchema = z.string().meta({ description: 'The beginning of the key, by which it is recognised; not secret.', example: 'catalyst_k3v9q2m7x4ab' });
const momentSchema = z.iso.datetime();

/** An API key as it is shown: never with its secret. */
export const apiKeySchema = z
  .object({
    id: z.uuid(),
    name: nameSchema,
    prefix: prefixSchema,
    scopes: z.array(scopeSchema),
    policies: z.array(z.string()).meta({ description: 'Policy labels that the key holds.' }),
    state: z.enum(apiKeyStates),
    createdBy: z.string(),
    createdAt: momentSchema,
    expiresAt: momentSchema.nullable().meta({ description: 'null: never.' }),
    lastUsedAt: momentSchema.nullable().meta({ description: 'To about a minute; null: not yet.' }),
    rotatedAt: momentSchema.nullable(),
    revokedAt: momentSchema.nullable(),
    previous: z.object({ prefix: prefixSchema, validUntil: momentSchema }).nullable().meta({ description: 'What the key was before it was rotated, as long as that is accepted too.' }),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;

export const apiKeysPageSchema = z.object({ keys: z.array(apiKeySchema), next: z.string().nullable() }).meta({ id: 'ApiKeysPage' });

const unique = <Item>(items: Item[]): Item[] => [...new Set(items)];

export const createApiKeyRequestSchema = z
  .strictObject({
    name: nameSchema,
    scopes: z.array(scopeSchema).min(1).max(100).transform(unique).meta({ description: 'What the key may do; none that its maker may not.' }),
    policies: z.array(labelSchema).max(50).default([]).transform(unique).meta({ description: 'Policy labels that the key holds; none that its maker does not.' }),
    expiresInDays: z.number().int().min(1).max(3650).nullable().default(90).meta({ description: 'null: never.' }),
  })
  .meta({ id: 'CreateApiKeyRequest' });
export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequestSchema>;

export const rotateApiKeyRequestSchema = z
  .strictObject({
    graceSeconds: z.number().int().min(0).max(604_800).default(86_400).meta({ description: 'For so long what the key was before is accepted too; 0: no longer.' }),
  })
  .meta({ id: 'RotateApiKeyRequest' });

export const issuedApiKeySchema = z
  .object({ key: apiKeySchema, secret: z.string().meta({ description: 'The whole key, to be sent as bearer token. It is told this once.' }) })
  .meta({ id: 'IssuedApiKey' });
export type IssuedApiKey = z.infer<typeof issuedApiKeySchema>;
