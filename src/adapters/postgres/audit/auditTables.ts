import type { ColumnType, GeneratedAlways } from 'kysely';

/** Entries are inserted by tenant and content; the database makes the rest, and refuses every change. */
interface AuditEntriesTable {
  tenant: ColumnType<string, string, never>;
  sequence: GeneratedAlways<string>;
  content: ColumnType<string, string, never>;
  previous_hash: GeneratedAlways<string>;
  hash: GeneratedAlways<string>;
  begun_id: GeneratedAlways<string | null>;
  ended_id: GeneratedAlways<string | null>;
  at: GeneratedAlways<string>;
  subject: GeneratedAlways<string | null>;
  operation: GeneratedAlways<string | null>;
  resource: GeneratedAlways<string | null>;
}

interface AuditHeadsTable {
  tenant: GeneratedAlways<string>;
  sequence: GeneratedAlways<string>;
  hash: GeneratedAlways<string>;
}

export interface AuditTables {
  audit_entries: AuditEntriesTable;
  audit_heads: AuditHeadsTable;
}
