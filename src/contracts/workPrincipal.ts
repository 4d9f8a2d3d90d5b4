import { z } from 'zod';
import { tenantSchema } from './identifiers.ts';
import { tenantOfWorkflow } from './workflowIds.ts';

const workflowIdSchema = z.string().min(1).max(300);

const tenantPrincipalSchema = z
  .strictObject({
    kind: z.literal('tenant'),
    tenant: tenantSchema,
    /** Who asked for the work, as it was accepted. */
    subject: z.string().min(1).max(255),
    /** The one piece of work that it is for, by the id of its workflow: a job, deletion or sweep, or the schedule of a source. */
    workflowId: workflowIdSchema,
  })
  .refine(({ tenant, workflowId }) => tenantOfWorkflow(workflowId) === tenant, 'the workflow is of another tenant');

/** The platform itself, by the beginning of its workflows' ids: only what is about all tenants, such as sweeping them in turn. */
const platformPrincipalSchema = z.strictObject({ kind: z.literal('platform'), workflowId: workflowIdSchema.startsWith('catalyst/') });

/** Who a workflow acts for, and in which piece of work. */
export const workPrincipalSchema = z.union([tenantPrincipalSchema, platformPrincipalSchema]);
export type TenantPrincipal = z.infer<typeof tenantPrincipalSchema>;
export type WorkPrincipal = z.infer<typeof workPrincipalSchema>;

/** Scopes of work that was accepted within a workflow: what proves the work to the workflow that carries it out. */
export interface Granted {
  /** A signed principal, put here by the worker; workflows hand it on as a header and take it out of the input. */
  readonly grant?: string;
}
