import { Readable } from 'node:stream';
import type { z } from 'zod';
import { tenantAccountSchema, tenantsPageSchema } from '../../contracts/tenants.ts';
import type { changeTenantRequestSchema, createTenantRequestSchema, TenantAccount } from '../../contracts/tenants.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';
import { pollUntil } from '../pollUntil.ts';

/** Tenants, for the operator of the platform. */
export class TenantsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  create(input: z.input<typeof createTenantRequestSchema>, options: CallOptions = {}): Promise<TenantAccount> {
    return this.calls.send('POST', '/v1/tenants', input, tenantAccountSchema, options, 'unlessTaken');
  }

  list(options: PageOptions = {}): AsyncGenerator<TenantAccount, void, undefined> {
    return this.calls.list('/v1/tenants', {}, tenantsPageSchema, ({ tenants }) => tenants, options);
  }

  get(tenant: string, options: CallOptions = {}): Promise<TenantAccount> {
    return this.calls.get(pathOf('tenants', tenant), tenantAccountSchema, options);
  }

  /** A policy replaces the one before as a whole. */
  change(tenant: string, change: z.input<typeof changeTenantRequestSchema>, options: CallOptions = {}): Promise<TenantAccount> {
    return this.calls.send('PATCH', pathOf('tenants', tenant), change, tenantAccountSchema, options);
  }

  suspend(tenant: string, reason?: string, options: CallOptions = {}): Promise<TenantAccount> {
    return this.calls.send('POST', pathOf('tenants', tenant, 'suspend'), reason === undefined ? {} : { reason }, tenantAccountSchema, options);
  }

  resume(tenant: string, options: CallOptions = {}): Promise<TenantAccount> {
    return this.calls.send('POST', pathOf('tenants', tenant, 'resume'), {}, tenantAccountSchema, options);
  }

  /** Lines of JSON (see `ExportLine`) as they come; whole only where the last one is the manifest. */
  async export(tenant: string, options: CallOptions = {}): Promise<Readable> {
    return Readable.from(await this.calls.transport.download(pathOf('tenants', tenant, 'export'), options.signal), { objectMode: false });
  }

  /** Begins it; `waitUntilDeleted` waits for its end. */
  delete(tenant: string, options: CallOptions = {}): Promise<TenantAccount> {
    return this.calls.send('DELETE', pathOf('tenants', tenant), undefined, tenantAccountSchema, options);
  }

  /** The tenant, once it is deleted, with the receipt. */
  waitUntilDeleted(tenant: string, options: CallOptions = {}): Promise<TenantAccount> {
    return pollUntil(() => this.get(tenant, options), ({ state }) => state === 'deleted', options);
  }
}
