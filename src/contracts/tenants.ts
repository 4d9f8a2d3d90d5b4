import { z } from 'zod';
import { deletionReceiptSchema } from './deletions.ts';
import { labelSchema, tierSchema } from './documents.ts';
import { digestSchema, tenantSchema as tenantNameSchema } from './identifiers.ts';
import { budgetLevels, quotaNames } from './quotas.ts';
import { rateClasses } from './rateLimits.ts';

/** Where documents may come from: what a request names, and what a source is. */
export const originTypes = ['text', 'url', 'upload', 'artifact', 'website', 'sitemap', 'feed', 'pages', 'bucket'] as const;
export type OriginType = (typeof originTypes)[number];

const listOf = <Item extends z.ZodType>(item: Item, description: string) => z.array(item).max(200).nullable().default(null).meta({ description: `${description} null: any.` });
const days = (description: string) => z.int().min(0).max(36_500).nullable().default(null).meta({ description: `${description} null: no limit.` });

const ownNumbers = 'A number goes before that of the operator for all tenants, null stands for no limit; what is left out is as the operator has it.';

function numbers<Name extends string, Of extends z.ZodType>(names: readonly Name[], of: Of): Record<Name, z.ZodOptional<z.ZodNullable<Of>>> {
  return Object.fromEntries(names.map((name) => [name, of.nullable().optional()])) as Record<Name, z.ZodOptional<z.ZodNullable<Of>>>;
}

/** What a tenant may do. A limit that is made narrower removes nothing that is there. */
export const tenantPolicySchema = z
  .strictObject({
    tiers: listOf(tierSchema, 'Tiers that documents may be given, and passages found be of.'),
    labels: listOf(labelSchema, 'Policy labels that documents may be given, and that callers may read by.'),
    sources: listOf(z.enum(originTypes), 'Where documents may come from; runs of sources that were registered before are refused too.'),
    retention: z
      .strictObject({
        replacedVersionDays: days('Longest that replaced versions may be kept.'),
        failedArtifactDays: days('Longest that what failed work left may be kept.'),
        uploadDays: days('Longest that unused uploads may be kept.'),
        jobDays: days('Longest that finished jobs may be kept.'),
        logDays: days('Longest that events of jobs, and reports, may be kept.'),
      })
      .prefault({})
      .meta({ description: 'Longest times that anything is kept that is no longer needed, whatever the tenant has chosen.' }),
    models: z
      .strictObject({
        embedding: listOf(z.string().max(200), 'Models that documents may be embedded by.'),
        rerank: listOf(z.string().max(200), 'What searches may be reranked by: "built-in", or the name of the configured model.'),
      })
      .prefault({})
      .meta({ description: 'Models that may be used, by their names.' }),
    quotas: z.strictObject(numbers(quotaNames, z.int().min(0))).prefault({}).meta({ description: `What the tenant may hold, and have at work. ${ownNumbers}` }),
    rates: z
      .strictObject({ tenant: z.strictObject(numbers(rateClasses, z.int().min(1))).prefault({}), caller: z.strictObject(numbers(rateClasses, z.int().min(1))).prefault({}) })
      .prefault({})
      .meta({ description: `Requests a minute, of all callers together and of each. ${ownNumbers}` }),
    budget: z.strictObject(numbers(budgetLevels, z.number().min(0))).prefault({}).meta({ description: `Money a calendar month. ${ownNumbers}` }),
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
