import type { z } from 'zod';
import { synonymsSchema } from '../../contracts/synonyms.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { CallOptions, Calls } from '../calls.ts';

const path = '/v1/search/synonyms';

/** Words and phrases of the tenant that mean the same. */
export class SynonymsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  get(options: CallOptions = {}): Promise<Synonyms> {
    return this.calls.get(path, synonymsSchema, options);
  }

  /** Takes the place of all there were; searches follow within seconds. */
  set(synonyms: z.input<typeof synonymsSchema>, options: CallOptions = {}): Promise<Synonyms> {
    return this.calls.send('PUT', path, synonyms, synonymsSchema, options);
  }

  remove(options: CallOptions = {}): Promise<Synonyms> {
    return this.calls.send('DELETE', path, undefined, synonymsSchema, options);
  }
}
