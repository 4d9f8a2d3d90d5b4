import type { DeletionRegistry } from '../../../ports/deletionRegistry.ts';
import type { Database } from '../database.ts';
import { acceptDeletion, acceptDeletionAgain } from './deletionRegistryAccept.ts';
import { beginDeletion } from './deletionRegistryBegin.ts';
import { finishDeletion } from './deletionRegistryFinish.ts';
import { createDeletionReads } from './deletionRegistryReads.ts';
import { removeRecords } from './deletionRegistryRecords.ts';
import { endsTenant, requireIdleTenant } from '../tenants/forgetTenant.ts';
import { releaseArtifacts, releaseObjects } from './deletionRegistryRelease.ts';
import { countOthers, reachStep } from './deletionRegistrySteps.ts';

export function createDeletionRegistry(database: Database): DeletionRegistry {
  return {
    ...createDeletionReads(database),
    accept: (owner, deletion) => database.withTenant(owner.tenant, (transaction) => acceptDeletion(transaction, owner, deletion)),
    acceptAgain: (owner, deletion) => database.withTenant(owner.tenant, (transaction) => acceptDeletionAgain(transaction, owner, deletion)),
    begin: (tenant, deletionId) => database.withTenant(tenant, (transaction) => beginDeletion(transaction, tenant, deletionId)),
    reachStep: (tenant, deletionId, step, points) => database.withTenant(tenant, (transaction) => reachStep(transaction, tenant, { deletionId, step, points: points ?? {} })),
    countOthers: (tenant, deletionId, others) => database.withTenant(tenant, (transaction) => countOthers(transaction, tenant, deletionId, others)),
    releaseArtifacts: (tenant, deletionId, documentIds) => database.withTenant(tenant, (transaction) => releaseArtifacts(transaction, { tenant, deletionId, documentIds })),
    releaseObjects: (tenant, deletionId, objects) => database.withTenant(tenant, (transaction) => releaseObjects(transaction, { tenant, deletionId, objects })),
    removeRecords: (tenant, deletionId, documentIds) => database.withTenant(tenant, (transaction) => removeRecords(transaction, { tenant, deletionId, documentIds })),
    endsTenant: (tenant, deletionId) => database.withTenant(tenant, (transaction) => endsTenant(transaction, tenant, deletionId)),
    requireIdleTenant: (tenant) => database.withTenant(tenant, (transaction) => requireIdleTenant(transaction, tenant)),
    finish: (tenant, deletionId) => database.withTenant(tenant, (transaction) => finishDeletion(transaction, tenant, deletionId)),
  };
}
