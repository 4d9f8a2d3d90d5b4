import { z } from 'zod';
import { deletionReceiptSchema } from './deletions.ts';
import { labelSchema, tierSchema } from './documents.ts';
import { digestSchema, tenantSchema as tenantNameSchema } from './identifiers.ts';

/** Where documents may come from: what a request names, and what a source is. */
export const originTypes = ['text', 'url', 'upload', 'artifact', 'website', 'sitemap', 'feed', 'pages', 'bucket'] as const;
export type OriginType = (typeof originTypes)[number];

const listOf = <Item extends z.ZodType>(item: Item, description: string) => z.array(item).max(200).nullable().default(null).meta({ description: `${description} null: any.` });
const days = (description: string) => z.int().min(0).max(36_500).nullable().default(null).meta({ description: `${description} null: no limit.` });

/** What a tenant may do. A limit that is made narrower acts on what comes; what is there stays. */
export const tenantPolicySchema = z
  .strictObject({
    tiers: listOf(tierSchema, 'Tiers that documents may be given.'),
    labels: listOf(labelSchema, 'Policy labels that documents may be given.'),
    sources: listOf(z.enum(originTypes), 'Where documents may come from.'),
    retention: z
      .strictObject({
        replacedVersionDays: days('Longest that replaced versions may be kept.'),
        failedArtifactDays: days('Longest that what failed work left may be kept.'),
        uploadDays: days('Longest that unused uploads may be kept.'),
      })
      .prefault({})
      .meta({ description: 'Longest times that the tenant may choose for its retention.' }),
    models: z.record(z.string().regex(/^[a-z][A-Za-z]{0,40}$/), z.array(z.string().max(200)).max(50)).default({}).meta({ description: 'Models that may be used, by their task. Kept; nothing heeds it yet.' }),
    quotas: z.record(z.string().regex(/^[a-z][A-Za-z]{0,40}$/), z.number().min(0)).default({}).meta({ description: 'Limits by name. Kept here for the part that counts.' }),
  })
  .meta({ id: 'TenantPolicy' });
export type TenantPolicy = z.infer<typeof tenantPolicySchema>;

export const openPolicy: TenantPolicy = tenantPolicySchema.parse({});

export const tenantStates = ['active', 'suspended', 'deleting', 'deleted'] as const;
export type TenantState = (typeof tenantStates)[number];

export const tenantAccountSchema = z
  .object({
    tenant: tenantNameSchema,
    name: z.string().nullable(),
    state: z.enum(tenantStates),
    created: z.boolean().meta({ description: 'false: nobody created it; it is there since it once ingested something.' }),
    createdAt: z.iso.datetime(),
    createdBy: z.string().nullable(),
    suspension: z.object({ at: z.iso.datetime(), by: z.string(), reason: z.string() }).nullable(),
    deletion: z.object({ id: z.uuid(), requestedAt: z.iso.datetime(), by: z.string() }).nullable(),
    receipt: deletionReceiptSchema.nullable().meta({ description: 'Of a tenant that is deleted: what was removed.' }),
    policy: tenantPolicySchema,
  })
  .meta({ id: 'TenantAccount' });
export type TenantAccount = z.infer<typeof tenantAccountSchema>;

export const tenantsPageSchema = z.object({ tenants: z.array(tenantAccountSchema), next: z.string().nullable() }).meta({ id: 'TenantsPage' });
export type TenantsPage = z.infer<typeof tenantsPageSchema>;

const nameSchema = z.string().trim().min(1).max(200).meta({ description: 'For people.' });

export const createTenantRequestSchema = z.strictObject({ tenant: tenantNameSchema, name: nameSchema.nullable().default(null), policy: tenantPolicySchema.prefault({}) }).meta({ id: 'CreateTenantRequest' });
export type CreateTenantRequest = z.infer<typeof createTenantRequestSchema>;

export const changeTenantRequestSchema = z
  .strictObject({ name: nameSchema.nullable().optional(), policy: tenantPolicySchema.optional().meta({ description: 'Replaces the policy as a whole.' }) })
  .meta({ id: 'ChangeTenantRequest' });
export type ChangeTenantRequest = z.infer<typeof changeTenantRequestSchema>;

export const suspendTenantRequestSchema = z.strictObject({ reason: z.string().trim().min(1).max(500).default('Suspended by the operator.') }).meta({ id: 'SuspendTenantRequest' });

/** The lines of an export, in this order: the tenant; of each document its line, then its bytes; the manifest. */
export const exportLineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tenant'), tenant: z.string(), at: z.iso.datetime(), policy: tenantPolicySchema }),
  z.object({ type: z.literal('document'), document: z.unknown(), version: z.unknown(), raw: z.object({ mediaType: z.string(), bytes: z.int(), digest: digestSchema }).nullable() }),
  z.object({ type: z.literal('bytes'), documentId: z.uuid(), data: z.base64() }),
  z.object({ type: z.literal('manifest'), documents: z.int(), bytes: z.int(), lost: z.array(z.uuid()), digest: digestSchema }),
]);
export type ExportLine = z.infer<typeof exportLineSchema>;
