/**
 * Documents of each job by state, outcome and code of failure, kept by the database in the very transaction that changes a document:
 * a job of 50,000 is asked for its counts several times a second by everyone who follows it.
 */
export const jobTallies = [
  `CREATE TABLE job_tallies (
    tenant text NOT NULL, job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, state text NOT NULL, outcome text NOT NULL, code text NOT NULL,
    documents integer NOT NULL, chunks bigint NOT NULL, PRIMARY KEY (job_id, state, outcome, code))`,
  `ALTER TABLE job_documents NO FORCE ROW LEVEL SECURITY`,
  `INSERT INTO job_tallies (tenant, job_id, state, outcome, code, documents, chunks)
    SELECT tenant, job_id, state, coalesce(outcome, ''), coalesce(failure_code, ''), count(*), coalesce(sum(chunks), 0) FROM job_documents GROUP BY 1, 2, 3, 4, 5`,
  `ALTER TABLE job_documents FORCE ROW LEVEL SECURITY`,
  `CREATE FUNCTION tally_joined_documents() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO job_tallies AS tally (tenant, job_id, state, outcome, code, documents, chunks)
    SELECT tenant, job_id, state, coalesce(outcome, ''), coalesce(failure_code, ''), count(*), coalesce(sum(chunks), 0)
    FROM joined GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3, 4, 5
    ON CONFLICT (job_id, state, outcome, code) DO UPDATE SET documents = tally.documents + excluded.documents, chunks = tally.chunks + excluded.chunks;
    RETURN NULL;
  END $$`,
  // Most updates of documents (a stage begins, its progress is kept) change no count and end at HAVING.
  `CREATE FUNCTION tally_changed_documents() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO job_tallies AS tally (tenant, job_id, state, outcome, code, documents, chunks)
    SELECT tenant, job_id, state, outcome, code, sum(documents), sum(chunks)
    FROM (
      SELECT tenant, job_id, state, coalesce(outcome, '') AS outcome, coalesce(failure_code, '') AS code, 1 AS documents, coalesce(chunks, 0) AS chunks FROM new_rows
      UNION ALL
      SELECT tenant, job_id, state, coalesce(outcome, ''), coalesce(failure_code, ''), -1, -coalesce(chunks, 0) FROM old_rows
    ) AS change
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(documents) <> 0 OR sum(chunks) <> 0 ORDER BY 2, 3, 4, 5
    ON CONFLICT (job_id, state, outcome, code) DO UPDATE SET documents = tally.documents + excluded.documents, chunks = tally.chunks + excluded.chunks;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER tally_joined AFTER INSERT ON job_documents REFERENCING NEW TABLE AS joined FOR EACH STATEMENT EXECUTE FUNCTION tally_joined_documents()`,
  `CREATE TRIGGER tally_changed AFTER UPDATE ON job_documents REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_changed_documents()`,
];
