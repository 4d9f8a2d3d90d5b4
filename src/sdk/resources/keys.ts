import type { z } from 'zod';
import { apiKeySchema, apiKeysPageSchema, issuedApiKeySchema } from '../../contracts/apiKeys.ts';
import type { ApiKey, createApiKeyRequestSchema, IssuedApiKey, rotateApiKeyRequestSchema } from '../../contracts/apiKeys.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';

/** API keys of the tenant. */
export class KeysResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** The answer holds the key itself, which cannot be had again. Repeated by itself only if the API surely did not take the request. */
  create(input: z.input<typeof createApiKeyRequestSchema>, options: CallOptions = {}): Promise<IssuedApiKey> {
    return this.calls.send('POST', '/v1/keys', input, issuedApiKeySchema, options, 'unlessTaken');
  }

  list(options: PageOptions = {}): AsyncGenerator<ApiKey, void, undefined> {
    return this.calls.list('/v1/keys', {}, apiKeysPageSchema, ({ keys }) => keys, options);
  }

  get(keyId: string, options: CallOptions = {}): Promise<ApiKey> {
    return this.calls.get(pathOf('keys', keyId), apiKeySchema, options);
  }

  /** As `create`: a second one would end what the first one gave. */
  rotate(keyId: string, how: z.input<typeof rotateApiKeyRequestSchema> = {}, options: CallOptions = {}): Promise<IssuedApiKey> {
    return this.calls.send('POST', pathOf('keys', keyId, 'rotate'), how, issuedApiKeySchema, options, 'unlessTaken');
  }

  revoke(keyId: string, options: CallOptions = {}): Promise<ApiKey> {
    return this.calls.send('DELETE', pathOf('keys', keyId), undefined, apiKeySchema, options);
  }
}
