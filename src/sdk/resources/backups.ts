import { backupIdOfRun } from '../../contracts/workflowIds.ts';
import { backupListSchema, backupRunSchema, backupSchema, backupWorkSchema, restoreListSchema, restoreStartedSchema } from '../../contracts/backups.ts';
import type { Backup, BackupRun, Restore, RestoreRequest } from '../../contracts/backups.ts';
import { deletedAgainSchema, journalPageSchema } from '../../contracts/deletionJournal.ts';
import type { DeleteAgainRequest, DeletedAgain, JournaledDeletion } from '../../contracts/deletionJournal.ts';
import type { Failure } from '../../contracts/failure.ts';
import { CatalystApiError } from '../apiError.ts';
import type { CallOptions, Calls } from '../calls.ts';
import { pathOf, withQuery } from '../calls.ts';
import { pollUntil } from '../pollUntil.ts';
import type { PollOptions } from '../pollUntil.ts';

/** What a request started. */
export type StartedBackup = Pick<BackupRun, 'workflowId' | 'runId'>;

/** Backups of all tenants together: for those who run the platform. */
export class BackupsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** The set appears in the list while it is made. */
  create(options: CallOptions = {}): Promise<StartedBackup> {
    return this.calls.send('POST', '/v1/backups', undefined, backupWorkSchema, options, 'byKey');
  }

  /** Newest first. */
  async list(options: CallOptions = {}): Promise<Backup[]> {
    return (await this.calls.get('/v1/backups', backupListSchema, options)).backups;
  }

  get(backupId: string, options: CallOptions = {}): Promise<Backup> {
    return this.calls.get(pathOf('backups', backupId), backupSchema, options);
  }

  /** What is found stands in the backup. `deep`: by all bytes. */
  verify(backupId: string, how: { readonly deep?: boolean } = {}, options: CallOptions = {}): Promise<StartedBackup> {
    return this.calls.send('POST', `${pathOf('backups', backupId)}/verifications`, how, backupWorkSchema, options, 'byKey');
  }

  /** Into an empty stack, unless `only` one part is brought back. */
  restore(request: RestoreRequest, options: CallOptions = {}): Promise<StartedBackup & { readonly restoreId: string }> {
    return this.calls.send('POST', '/v1/restores', request, restoreStartedSchema, options, 'byKey');
  }

  async listRestores(options: CallOptions = {}): Promise<Restore[]> {
    return (await this.calls.get('/v1/restores', restoreListSchema, options)).restores;
  }

  /** What came of a request. Temporal knows of it for as long as the namespace keeps histories. */
  getRun({ workflowId, runId }: StartedBackup, options: CallOptions = {}): Promise<BackupRun> {
    return this.calls.get(withQuery(pathOf('backups', 'runs', runId), { workflowId }), backupRunSchema, options);
  }

  /**
   * Resolves once what was started has ended well. `onRetry` is told what a try failed by, while it is tried again.
   * @throws CatalystApiError with code, sentence and remedy of what it failed by.
   */
  async wait(started: StartedBackup, { onRetry, ...options }: PollOptions & { readonly onRetry?: (failure: Failure) => void } = {}): Promise<void> {
    let last: string | undefined;
    const isOver = ({ state, retried }: BackupRun): boolean => {
      if (retried !== null && retried.message !== last) onRetry?.(retried);
      last = retried?.message ?? last;
      return state !== 'running';
    };
    const { state, failure } = await pollUntil(() => this.getRun(started, options), isOver, options);
    if (state === 'failed') throw new CatalystApiError({ code: failure?.code ?? 'INTERNAL', status: null, detail: failure?.message ?? 'The work failed', remedy: failure?.remedy ?? '' });
  }

  /** The set that a request to make one made, or is making; undefined where it has not begun. */
  async findMade({ runId }: StartedBackup, options: CallOptions = {}): Promise<Backup | undefined> {
    return (await this.list(options)).find(({ id }) => id.endsWith(backupIdOfRun(runId)));
  }

  /** What was deleted since the moment of the backup, oldest first: a restore brings it back. */
  async *listDeletions(backupId: string, options: CallOptions = {}): AsyncGenerator<JournaledDeletion, void, undefined> {
    yield* this.calls.list(pathOf('backups', backupId, 'deletions'), {}, journalPageSchema, ({ deletions }) => deletions, options);
  }

  /** Has all of it deleted again, after a restore. A second time changes nothing. */
  async deleteAgain(backupId: string, { cursor, ...request }: DeleteAgainRequest = {}, options: CallOptions = {}): Promise<DeletedAgain> {
    const sums: DeletedAgain = { accepted: 0, documents: 0, tenants: 0, known: 0, absent: 0, left: 0, next: cursor ?? null };
    do {
      const { next, ...part }: DeletedAgain = await this.calls.send('POST', pathOf('backups', backupId, 'deletions'), { ...request, ...(sums.next === null ? {} : { cursor: sums.next }) }, deletedAgainSchema, options, 'byKey');
      for (const name of Object.keys(part) as (keyof typeof part)[]) sums[name] += part[name];
      sums.next = next;
    } while (sums.next !== null);
    return sums;
  }
}
