import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import type { Fault } from '../../../contracts/consistency.ts';
import type { ConsistencyRegistry } from '../../../ports/consistencyRegistry.ts';
import { storableText } from '../../shared/storableText.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';

/** What audits found, and what became of it. */
export function createConsistencyFaults(database: Database): Pick<ConsistencyRegistry, 'listFaults' | 'noteFaults' | 'leaveFaults'> {
  return {
    async listFaults(tenant, auditId, cursor, limit) {
      // How many came before: numbers of rows would tell of other tenants' faults.
      const passed = Number(cursor ?? 0);
      const rows = await database.withTenant(tenant, (transaction) =>
        transaction.selectFrom('consistency_faults').selectAll().where('tenant', '=', tenant).where('audit_id', '=', auditId).orderBy('number').offset(passed).limit(limit + 1).execute(),
      );
      return { faults: rows.slice(0, limit).map(toFault), next: rows.length > limit ? String(passed + limit) : null };
    },

    noteFaults: (tenant, auditId, faults) => database.withTenant(tenant, (transaction) => noteFaults(transaction, tenant, auditId, faults)),

    async leaveFaults(tenant, auditId, documents) {
      if (documents.length === 0) return;
      await database.withTenant(tenant, (transaction) =>
        sql`
          update consistency_faults set outcome = 'reported', detail = detail || ' It is left to the next audit, since the document is being changed.'
          where tenant = ${tenant} and audit_id = ${auditId} and outcome = 'pending' and document_id = any(${[...documents]}::text[])`.execute(transaction),
      );
    },
  };
}

/** What a try noted before it was cut off keeps what is known of it: a fault that was mended does not become one that pends. */
async function noteFaults(transaction: Transaction<Schema>, tenant: string, auditId: string, faults: readonly Fault[]): Promise<void> {
  if (faults.length === 0) return;
  // What a point that is not ours names may be text that Postgres does not take.
  const distinct = [...new Map(faults.map((fault) => [`${fault.kind} ${fault.place}`, storable(fault)])).values()];
  await sql`
    insert into consistency_faults (tenant, audit_id, kind, place, document_id, version_id, detail, outcome)
    select ${tenant}, ${auditId}, kind, place, "documentId", "versionId", detail, outcome
    from jsonb_to_recordset(${JSON.stringify(distinct)}::jsonb) as fault (kind text, place text, "documentId" text, "versionId" text, detail text, outcome text)
    on conflict (tenant, audit_id, kind, place) do update set detail = excluded.detail, outcome = excluded.outcome where excluded.outcome <> 'pending'`.execute(transaction);
}

function storable(fault: Fault): Fault {
  const cut = (text: string | null) => (text === null ? null : storableText(text, 200));
  return { ...fault, documentId: cut(fault.documentId), versionId: cut(fault.versionId), detail: storableText(fault.detail, 2_000) };
}

function toFault(row: Selectable<Schema['consistency_faults']>): Fault {
  return { kind: row.kind, place: row.place, documentId: row.document_id, versionId: row.version_id, detail: row.detail, outcome: row.outcome };
}
