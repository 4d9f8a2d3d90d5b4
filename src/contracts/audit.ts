import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

const momentSchema = z.iso.datetime();

/** What was recorded before an operation was carried out. */
export const auditBegunSchema = z.object({
  kind: z.literal('begun'),
  id: z.uuid(),
  at: momentSchema,
  subject: z.string(),
  keyPrefix: z.string().nullable(),
  operation: z.string(),
  method: z.string(),
  resource: z.string(),
  address: z.string().nullable(),
  argsHash: digestSchema,
  requestId: z.string(),
  names: z.array(z.string()).readonly().optional(),
});
export type AuditBegun = z.infer<typeof auditBegunSchema>;

/** How it ended, recorded after the answer. */
export const auditEndedSchema = z.object({
  kind: z.literal('ended'),
  of: z.uuid(),
  at: momentSchema,
  status: z.number().int(),
  code: z.string().nullable(),
  created: z.string().nullable(),
});
export type AuditEnded = z.infer<typeof auditEndedSchema>;

const outcomeSchema = z.object({
  at: momentSchema,
  status: z.number().int().meta({ description: 'HTTP status of the answer; 499: the caller left before it began.' }),
  code: z.string().nullable().meta({ description: 'Error code of what failed or was refused.' }),
  created: z.string().nullable().meta({ description: 'Address of what the operation made.', example: '/v1/jobs/0198c0de-0000-7000-8000-000000000000' }),
});

/** One operation, as the log shows it. */
export const auditRecordSchema = z
  .object({
    sequence: z.number().int().meta({ description: 'Place of its first entry in the chain of the tenant.' }),
    at: momentSchema,
    subject: z.string().meta({ description: 'Who: `sub` of the token, or `key:ID`.' }),
    keyPrefix: z.string().nullable().meta({ description: 'Prefix of the API key, where one was used.' }),
    operation: z.string().meta({ description: '`operationId` of the route.', example: 'deleteDocument' }),
    method: z.string(),
    resource: z.string().meta({ description: 'Path of the request.', example: '/v1/documents/0198c0de-0000-7000-8000-000000000000' }),
    address: z.string().nullable().meta({ description: 'From where; where the operator says so, as a keyed hash (`hmac:…`), which is equal for equal addresses.' }),
    argsHash: digestSchema.meta({ description: 'SHA-256 over path parameters, query and the digest of the JSON body.' }),
    requestId: z.string(),
    names: z.array(z.string()).readonly().optional().meta({ description: 'Of what the operation was about, where the path does not say: entries of the vault that were asked for, or documents that were to be deleted (the first 500).' }),
    outcome: outcomeSchema.nullable().meta({ description: 'null: still in work, or not known, since the process ended before it could tell.' }),
  })
  .meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof auditRecordSchema>;

export const auditPageSchema = z.object({ records: z.array(auditRecordSchema), next: z.string().nullable() }).meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof auditPageSchema>;

export const auditHeadSchema = z.object({ sequence: z.number().int(), hash: z.string() }).meta({ id: 'AuditHead', description: 'The last entry of a chain.' });
export type AuditHead = z.infer<typeof auditHeadSchema>;

export const auditLinkSchema = z
  .object({
    sequence: z.number().int(),
    content: z.string().meta({ description: 'The entry as it was written, byte for byte (JSON).' }),
    previousHash: z.string(),
    hash: z.string().meta({ description: 'SHA-256, hexadecimal, of previousHash, tenant, sequence and content, with a line end between.' }),
  })
  .meta({ id: 'AuditLink' });
export type AuditLink = z.infer<typeof auditLinkSchema>;

export const auditChainPageSchema = z
  .object({
    tenant: z.string(),
    links: z.array(auditLinkSchema),
    head: auditHeadSchema.nullable().meta({ description: 'As of the same moment as the links; null: nothing was recorded yet.' }),
    next: z.string().nullable(),
  })
  .meta({ id: 'AuditChainPage' });
export type AuditChainPage = z.infer<typeof auditChainPageSchema>;

/** Which operations a list shows; all conditions hold at once. */
export interface AuditFilter {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly subject?: string | undefined;
  readonly operation?: string | undefined;
  /** What the path begins with. */
  readonly resource?: string | undefined;
}
