import type { z } from 'zod';
import { storedSearchSettingsSchema } from '../../contracts/searchSettings.ts';
import type { searchSettingsUpdateSchema, StoredSearchSettings } from '../../contracts/searchSettings.ts';
import type { CallOptions, Calls } from '../calls.ts';

const path = '/v1/search/settings';

export type SearchSettingsInput = z.input<typeof searchSettingsUpdateSchema>;

/** How the searches of the tenant go where the request does not say. */
export class SearchSettingsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  get(options: CallOptions = {}): Promise<StoredSearchSettings> {
    return this.calls.get(path, storedSearchSettingsSchema, options);
  }

  /** Takes the place of all there were. With a `revision`, only if that is the present one (else CONFLICT). */
  set(settings: SearchSettingsInput, options: CallOptions = {}): Promise<StoredSearchSettings> {
    // A second one of the same revision would find the first in its way.
    return this.calls.send('PUT', path, settings, storedSearchSettingsSchema, options, settings.revision === undefined ? 'always' : 'unlessTaken');
  }

  remove(options: CallOptions = {}): Promise<StoredSearchSettings> {
    return this.calls.send('DELETE', path, undefined, storedSearchSettingsSchema, options);
  }
}
