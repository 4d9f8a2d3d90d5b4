import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/**
 * That a column names one of these documents, said beside the join with a list of them: then the rows are searched by the index whatever
 * the planner believes of the tenant. A new tenant looks small to it, and reading all its rows for each slice as good as looking up a few.
 */
export function isAmong(column: string, documents: readonly { readonly documentId: string }[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} = any(${documents.map(({ documentId }) => documentId)}::uuid[])`;
}
