import { z } from 'zod';
import { findBackup, listBackups } from '../../backups/catalogue.ts';
import { backupIdSchema, backupListSchema, backupSchema, backupWorkSchema, restoreListSchema, restoreParts, restoreRequestSchema, restoreStartedSchema, verificationRequestSchema } from '../../contracts/backups.ts';
import type { Backup } from '../../contracts/backups.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type BackupDependencies = Pick<ApiDependencies, 'backupBucket' | 'backupWork' | 'restores'>;

const tag = 'Operations';
const parameters = z.strictObject({ backupId: backupIdSchema });
const restoresShown = 20;

/** Registry, artifacts and index of all tenants, kept elsewhere and brought back: for those who run the platform. */
export function createBackupRoutes(dependencies: BackupDependencies): Route[] {
  return [createRoute(dependencies), listRoute(dependencies), findRoute(dependencies), verifyRoute(dependencies), restoreRoute(dependencies), restoresRoute(dependencies)];
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
