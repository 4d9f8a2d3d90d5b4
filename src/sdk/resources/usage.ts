import { usageSchema } from '../../contracts/usage.ts';
import type { Usage, usageGroupings } from '../../contracts/usage.ts';
import { withQuery } from '../calls.ts';
import type { Calls, PageOptions } from '../calls.ts';

export interface UsageOptions extends PageOptions {
  /** First day, `2026-11-01`; the first of the month of `to` without it. */
  readonly from?: string | undefined;
  /** Last day; today without it. */
  readonly to?: string | undefined;
  readonly by?: (typeof usageGroupings)[number] | undefined;
}

/** What the tenant used, and what it cost. */
export class UsageResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** The whole span: totals, and an entry for each day or job. */
  async get({ from, to, by, ...options }: UsageOptions = {}): Promise<Omit<Usage, 'next'>> {
    const read = (cursor: string | undefined, span: { readonly from?: string | undefined; readonly to?: string | undefined }) =>
      this.calls.get(withQuery('/v1/usage', { ...span, by, cursor, limit: options.pageSize?.toString() }), usageSchema, options);
    const { next, ...usage } = await read(undefined, { from, to });
    for (let cursor = next; cursor !== null; ) {
      // Of the span that was answered: a day may end meanwhile.
      const page = await read(cursor, { from: usage.from, to: usage.to });
      usage.entries.push(...page.entries);
      cursor = page.next;
    }
    return usage;
  }
}
