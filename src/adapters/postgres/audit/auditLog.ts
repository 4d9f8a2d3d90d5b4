import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { auditBegunSchema, auditEndedSchema } from '../../../contracts/audit.ts';
import type { AuditChainPage, AuditFilter, AuditHead, AuditLink, AuditRecord } from '../../../contracts/audit.ts';
import type { AuditLog } from '../../../ports/auditLog.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';

interface RecordRow {
  readonly sequence: string;
  readonly content: string;
  readonly ended: string | null;
}

interface ChainRow {
  readonly head: AuditHead | null;
  readonly links: AuditLink[];
}

export function createAuditLog(database: Database): AuditLog {
  return {
    async append(tenant, contents) {
      const { rows } = await database.withoutTenant((kysely) => sql<{ sequence: string; hash: string }>`select * from append_audit_entries(${tenant}, ${[...contents]})`.execute(kysely));
      return { sequence: Number(rows[0]?.sequence), hash: String(rows[0]?.hash) };
    },

    async list(tenant, filter, cursor, limit) {
      const rows = await database.withTenant(tenant, (transaction) => readRecords(transaction, tenant, filter, cursor, limit + 1));
      const page = rows.slice(0, limit);
      return { records: page.map(recordOf), next: rows.length > limit ? (page.at(-1)?.sequence ?? null) : null };
    },

    readChain: (tenant, after, limit) => database.withTenant(tenant, (transaction) => readChain(transaction, tenant, after, limit)),
  };
}

async function readRecords(transaction: Transaction<Schema>, tenant: string, { since, until, subject, operation, resource }: AuditFilter, cursor: string | undefined, limit: number): Promise<RecordRow[]> {
  let query = transaction
    .selectFrom('audit_entries as begun')
    .select(['begun.sequence', 'begun.content'])
    .select((row) => row.selectFrom('audit_entries as ended').select('ended.content').whereRef('ended.tenant', '=', 'begun.tenant').whereRef('ended.ended_id', '=', 'begun.begun_id').orderBy('ended.sequence').limit(1).as('ended'))
    .where('begun.tenant', '=', tenant)
    .where('begun.begun_id', 'is not', null);
  if (since !== undefined) query = query.where('begun.at', '>=', new Date(since).toISOString());
  if (until !== undefined) query = query.where('begun.at', '<', new Date(until).toISOString());
  if (subject !== undefined) query = query.where('begun.subject', '=', subject);
  if (operation !== undefined) query = query.where('begun.operation', '=', operation);
  if (resource !== undefined) query = query.where('begun.resource', 'like', `${resource.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  if (cursor !== undefined) query = query.where('begun.sequence', '<', cursor);
  return query.orderBy('begun.sequence', 'desc').limit(limit).execute();
}

/** The content alone counts: columns beside it only serve to find. */
function recordOf({ sequence, content, ended }: RecordRow): AuditRecord {
  const { kind: _kind, id: _id, ...record } = auditBegunSchema.parse(JSON.parse(content));
  return { sequence: Number(sequence), ...record, outcome: ended === null ? null : outcomeOf(ended) };
}

function outcomeOf(content: string): AuditRecord['outcome'] {
  const { kind: _kind, of: _of, ...outcome } = auditEndedSchema.parse(JSON.parse(content));
  return outcome;
}

/** One statement, so that head and links are of one moment though others append. */
async function readChain(transaction: Transaction<Schema>, tenant: string, after: number, limit: number): Promise<AuditChainPage> {
  const { rows } = await sql<ChainRow>`
    select (select json_build_object('sequence', sequence, 'hash', hash) from audit_heads where tenant = ${tenant}) as head,
      coalesce((select json_agg(json_build_object('sequence', sequence, 'content', content, 'previousHash', previous_hash, 'hash', hash) order by sequence)
        from (select * from audit_entries where tenant = ${tenant} and sequence > ${after} order by sequence limit ${limit + 1}) as page), '[]') as links`.execute(transaction);
  const { head, links } = rows[0] ?? { head: null, links: [] };
  const page = links.slice(0, limit);
  return { tenant, links: page, head, next: links.length > limit ? String(page.at(-1)?.sequence) : null };
}
