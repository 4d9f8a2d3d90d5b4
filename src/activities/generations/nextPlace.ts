import type { FillCursor, VisibleDocument } from '../../ports/generationRegistry.ts';

/** Where a walk through all documents goes on after a page of a tenant: in the tenant where the page was full, else in the next one; undefined at the end. */
export function nextPlace(tenants: readonly string[], tenant: string, page: readonly VisibleDocument[], documentsPerPage: number): FillCursor | undefined {
  const last = page.length === documentsPerPage ? page.at(-1) : undefined;
  if (last !== undefined) return { tenant, after: last.documentId };
  const next = tenants.find((name) => name > tenant);
  return next === undefined ? undefined : { tenant: next, after: null };
}
