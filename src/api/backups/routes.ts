import { z } from 'zod';
import { findBackup, listBackups } from '../../backups/catalogue.ts';
import { readDeletions } from '../../backups/deletionJournal.ts';
import { backupIdSchema, backupListSchema, backupRunSchema, backupSchema, backupWorkSchema, backupWorkflowSchema, restoreListSchema, restoreParts, restoreRequestSchema, restoreStartedSchema, verificationRequestSchema } from '../../contracts/backups.ts';
import type { Backup } from '../../contracts/backups.ts';
import { deleteAgainRequestSchema, deletedAgainSchema, journalCursorSchema, journalPageSchema } from '../../contracts/deletionJournal.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { deleteAgain, momentOf } from './deleteAgain.ts';
import type { DeleteAgainDependencies } from './deleteAgain.ts';

type BackupDependencies = Pick<ApiDependencies, 'backupBucket' | 'backupWork' | 'restores'> & DeleteAgainDependencies;

const tag = 'Operations';
const parameters = z.strictObject({ backupId: backupIdSchema });
const restoresShown = 20;
const deletionsShown = 100;

/** Registry, artifacts and index of all tenants, kept elsewhere and brought back: for those who run the platform. */
export function createBackupRoutes(dependencies: BackupDependencies): Route[] {
  return [createRoute(dependencies), listRoute(dependencies), findRoute(dependencies), verifyRoute(dependencies), runRoute(dependencies), deletionsRoute(dependencies), deleteAgainRoute(dependencies), restoreRoute(dependencies), restoresRoute(dependencies)];
}

function requireBucket({ backupBucket }: BackupDependencies): ObjectBucket {
  if (backupBucket === undefined) throw new CatalystError('BACKUP_NOT_CONFIGURED', 'This deployment has no backup bucket.');
  return backupBucket;
}

async function requireBackup(dependencies: BackupDependencies, id: string): Promise<Backup> {
  const found = await findBackup(requireBucket(dependencies), id);
  if (found === undefined) throw new CatalystError('NOT_FOUND', `There is no backup ${id}.`);
  return found;
}

/** A set without a manifest is none yet, or never will be. */
async function requireFinished(dependencies: BackupDependencies, id: string): Promise<void> {
  const { state } = await requireBackup(dependencies, id);
  if (state === 'unfinished' || state === 'failed') throw new CatalystError('CONFLICT', `The backup ${id} is ${state}.`);
}

function createRoute(dependencies: BackupDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/backups',
    scope: 'backup:write',
    documentation: {
      operationId: 'createBackup',
      tag,
      summary: 'Make a backup now, beside the nightly ones',
      description: 'Rows of one moment, all objects that an earlier backup has not copied, and what the index is. Searches and writes go on.',
      answers: { 202: { description: 'It goes on durably.', schema: backupWorkSchema } },
      failures: ['BACKUP_NOT_CONFIGURED', 'CONFLICT', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      requireBucket(dependencies);
      response.status(202).json(await dependencies.backupWork.create(principalOfRequest(request).subject));
    },
  });
}

function listRoute(dependencies: BackupDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/backups',
    scope: 'backup:read',
    documentation: {
      operationId: 'listBackups',
      tag,
      summary: 'All backups that are kept',
      description: 'As the backup bucket tells: also where the database is another one.',
      answers: { 200: { description: 'Newest first.', schema: backupListSchema } },
      failures: ['BACKUP_NOT_CONFIGURED', 'ARTIFACT_STORE_UNAVAILABLE'],
    },
    async handle(_input, _request, response) {
      response.json({ backups: await listBackups(requireBucket(dependencies)) });
    },
  });
}

function findRoute(dependencies: BackupDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/backups/:backupId',
    scope: 'backup:read',
    parameters,
    documentation: {
      operationId: 'getBackup',
      tag,
      summary: 'One backup, with its last verification',
      answers: { 200: { description: 'As it is at this moment.', schema: backupSchema } },
      failures: ['BACKUP_NOT_CONFIGURED', 'NOT_FOUND', 'ARTIFACT_STORE_UNAVAILABLE'],
    },
    async handle({ parameters: { backupId } }, _request, response) {
      response.json(await requireBackup(dependencies, backupId));
    },
  });
}

function verifyRoute(dependencies: BackupDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/backups/:backupId/verifications',
    scope: 'backup:write',
    parameters,
    body: verificationRequestSchema,
    documentation: {
      operationId: 'verifyBackup',
      tag,
      summary: 'Compare a backup with what the bucket holds',
      description: 'What is found stands in the backup.',
      answers: { 202: { description: 'It goes on durably.', schema: backupWorkSchema } },
      failures: ['BACKUP_NOT_CONFIGURED', 'NOT_FOUND', 'CONFLICT', 'ARTIFACT_STORE_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ parameters: { backupId }, body: { deep } }, _request, response) {
      await requireFinished(dependencies, backupId);
      response.status(202).json(await dependencies.backupWork.verify(backupId, deep));
    },
  });
}

function runRoute({ backupWork }: BackupDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/backups/runs/:runId',
    scope: 'backup:read',
    parameters: z.strictObject({ runId: z.uuid() }),
    query: z.strictObject({ workflowId: backupWorkflowSchema }),
    documentation: {
      operationId: 'getBackupRun',
      tag,
      summary: 'What came of a request to make, verify or restore a backup',
      description: 'Also where the work ended before it could write anything into the backup, such as for want of a bucket.',
      answers: { 200: { description: 'As it is at this moment.', schema: backupRunSchema } },
      failures: ['NOT_FOUND', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ parameters: { runId }, query: { workflowId } }, _request, response) {
      const found = await backupWork.find({ workflowId, runId });
      if (found === undefined) throw new CatalystError('NOT_FOUND', `Nobody knows of a run ${runId} of ${workflowId}.`);
      response.json(found);
    },
  });
}

function deletionsRoute(dependencies: BackupDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/backups/:backupId/deletions',
    scope: 'backup:read',
    parameters,
    query: z.strictObject({ cursor: journalCursorSchema.optional() }),
    documentation: {
      operationId: 'listDeletionsSinceBackup',
      tag,
      summary: 'What was deleted since the moment of a backup',
      description: 'As the backup bucket tells: a restore of this backup brings it back. Deletions that were accepted shortly before that moment may be among them.',
      answers: { 200: { description: 'Ids of documents, oldest deletion first.', schema: journalPageSchema } },
      failures: ['BACKUP_NOT_CONFIGURED', 'NOT_FOUND', 'BACKUP_CORRUPT', 'ARTIFACT_STORE_UNAVAILABLE'],
    },
    async handle({ parameters: { backupId }, query: { cursor } }, _request, response) {
      const bucket = requireBucket(dependencies);
      response.json(await readDeletions(bucket, await momentOf(bucket, backupId), cursor, deletionsShown));
    },
  });
}

function deleteAgainRoute(dependencies: BackupDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/backups/:backupId/deletions',
    scope: 'backup:write',
    parameters,
    body: deleteAgainRequestSchema,
    documentation: {
      operationId: 'deleteAgain',
      tag,
      summary: 'After a restore: delete again what was deleted since the moment of the backup',
      description: 'A part of it in one call; go on with `next`. Each deletion goes on durably under the id it had, and is carried out once, however often this is called. Before tenants are let in: what they send again has the ids it had.',
      answers: { 202: { description: 'How many of the deletions of this part were accepted.', schema: deletedAgainSchema } },
      failures: ['BACKUP_NOT_CONFIGURED', 'NOT_FOUND', 'BACKUP_CORRUPT', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { backupId }, body }, request, response) {
      const bucket = requireBucket(dependencies);
      response.status(202).json(await deleteAgain(dependencies, bucket, await momentOf(bucket, backupId), body, principalOfRequest(request).subject));
    },
  });
}

function restoreRoute(dependencies: BackupDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/restores',
    scope: 'backup:write',
    body: restoreRequestSchema,
    documentation: {
      operationId: 'restoreBackup',
      tag,
      summary: 'Bring a backup back into an empty stack',
      description: 'Refused where there are rows or points. With `only` one part is brought back into a stack that goes on.',
      answers: { 202: { description: 'It goes on durably; see GET /v1/restores.', schema: restoreStartedSchema } },
      failures: ['BACKUP_NOT_CONFIGURED', 'NOT_FOUND', 'CONFLICT', 'ARTIFACT_STORE_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body: { backupId, only } }, request, response) {
      if (backupId !== undefined) await requireFinished(dependencies, backupId);
      const restoreId = identifierFor(request);
      const scope = { restoreId, backupId: backupId ?? null, parts: only === undefined ? restoreParts : [only], by: principalOfRequest(request).subject };
      response.status(202).json({ restoreId, ...(await dependencies.backupWork.restore(scope)) });
    },
  });
}

function restoresRoute({ restores }: BackupDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/restores',
    scope: 'backup:read',
    documentation: {
      operationId: 'listRestores',
      tag,
      summary: 'Restores into this stack, with what they brought back',
      answers: { 200: { description: 'The last ones, newest first.', schema: restoreListSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, _request, response) {
      response.json({ restores: await restores.list(restoresShown) });
    },
  });
}
