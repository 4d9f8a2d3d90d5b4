import { backupListSchema, backupSchema, backupWorkSchema, restoreListSchema, restoreStartedSchema } from '../../contracts/backups.ts';
import type { Backup, Restore, RestoreRequest } from '../../contracts/backups.ts';
import type { CallOptions, Calls } from '../calls.ts';
import { pathOf } from '../calls.ts';

/** Backups of all tenants together: for those who run the platform. */
export class BackupsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** The set appears in the list while it is made. */
  create(options: CallOptions = {}): Promise<{ readonly workflowId: string }> {
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
  verify(backupId: string, how: { readonly deep?: boolean } = {}, options: CallOptions = {}): Promise<{ readonly workflowId: string }> {
    return this.calls.send('POST', `${pathOf('backups', backupId)}/verifications`, how, backupWorkSchema, options, 'byKey');
  }

  /** Into an empty stack, unless `only` one part is brought back. */
  restore(request: RestoreRequest, options: CallOptions = {}): Promise<{ readonly restoreId: string; readonly workflowId: string }> {
    return this.calls.send('POST', '/v1/restores', request, restoreStartedSchema, options, 'byKey');
  }

  async listRestores(options: CallOptions = {}): Promise<Restore[]> {
    return (await this.calls.get('/v1/restores', restoreListSchema, options)).restores;
  }
}
