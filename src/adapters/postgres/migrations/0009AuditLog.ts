import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** What was done by whom: entries that can be appended, and neither changed nor removed, each with the hash of the one before it. */
export const auditLog: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of tables) await sql.raw(statement).execute(database);
    for (const table of ['audit_entries', 'audit_heads']) await bindToTenant(database, table);
    for (const statement of protection) await sql.raw(statement).execute(database);
  },
};

/** What is searched by is made from the content by the database, so that it cannot say another thing. */
const madeOf = (field: string): string => `GENERATED ALWAYS AS (content::jsonb ->> '${field}') STORED`;

const tables = [
  `CREATE TABLE audit_heads (tenant text PRIMARY KEY, sequence bigint NOT NULL, hash text NOT NULL) WITH (fillfactor = 20)`,
  `CREATE TABLE audit_entries (
    tenant text NOT NULL, sequence bigint NOT NULL, content text NOT NULL, previous_hash text NOT NULL, hash text NOT NULL,
    begun_id text ${madeOf('id')}, ended_id text ${madeOf('of')}, at text COLLATE "C" ${madeOf('at')},
    subject text ${madeOf('subject')}, operation text ${madeOf('operation')}, resource text COLLATE "C" ${madeOf('resource')},
    PRIMARY KEY (tenant, sequence))`,
  `CREATE INDEX audit_entries_by_time ON audit_entries (tenant, at, sequence) WHERE begun_id IS NOT NULL`,
  `CREATE INDEX audit_entries_by_subject ON audit_entries (tenant, subject, sequence) WHERE begun_id IS NOT NULL`,
  `CREATE INDEX audit_entries_by_operation ON audit_entries (tenant, operation, sequence) WHERE begun_id IS NOT NULL`,
  `CREATE INDEX audit_entries_by_resource ON audit_entries (tenant, resource, sequence) WHERE begun_id IS NOT NULL`,
  `CREATE INDEX audit_entries_by_end ON audit_entries (tenant, ended_id) WHERE ended_id IS NOT NULL`,
];

const protection = [
  // Place and hash are given here, whatever a statement says. The lock on the head makes writers of one tenant follow each other:
  // it is held until they commit, so that places have no gaps and no two entries follow the same one.
  `CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE head audit_heads;
  BEGIN
    INSERT INTO audit_heads VALUES (NEW.tenant, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM audit_heads WHERE tenant = NEW.tenant FOR UPDATE;
    NEW.sequence := head.sequence + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := encode(sha256(convert_to(concat_ws(E'\\n', head.hash, NEW.tenant, NEW.sequence::text, NEW.content), 'UTF8')), 'hex');
    UPDATE audit_heads SET sequence = NEW.sequence, hash = NEW.hash WHERE tenant = NEW.tenant;
    RETURN NEW;
  END $$`,
  `CREATE TRIGGER chained BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION chain_audit_entry()`,
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'The audit log can only be appended to.' USING ERRCODE = 'insufficient_privilege';
  END $$`,
  `CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
  // A head moves with its entries alone.
  `CREATE FUNCTION guard_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF pg_trigger_depth() < 2 THEN RAISE EXCEPTION 'The head of the audit log moves with its entries alone.' USING ERRCODE = 'insufficient_privilege'; END IF;
    RETURN NEW;
  END $$`,
  `CREATE TRIGGER guarded BEFORE INSERT OR UPDATE ON audit_heads FOR EACH ROW EXECUTE FUNCTION guard_audit_head()`,
  `CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON audit_heads FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,
  // The role owns these tables; it gives up what it does not need. UPDATE of heads is needed for their lock.
  `REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON audit_entries FROM CURRENT_USER`,
  `REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON audit_heads FROM CURRENT_USER`,
  // One round trip, which is a transaction of its own.
  `CREATE FUNCTION append_audit_entries(wanted text, contents text[]) RETURNS audit_heads LANGUAGE plpgsql AS $$
  DECLARE head audit_heads;
  BEGIN
    PERFORM set_config('catalyst.tenant', wanted, true);
    INSERT INTO audit_entries (tenant, content) SELECT wanted, content FROM unnest(contents) WITH ORDINALITY AS given (content, place) ORDER BY place;
    SELECT * INTO STRICT head FROM audit_heads WHERE tenant = wanted;
    RETURN head;
  END $$`,
];
