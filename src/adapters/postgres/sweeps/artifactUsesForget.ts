import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { ArtifactUse } from './artifactUses.ts';
import type { Schema } from '../schema.ts';

type UseBy<Kind extends ArtifactUse['by']> = Extract<ArtifactUse, { by: Kind }>;

/** Removes the records: outputs and uploads whole, of versions the one artifact, of failed requests all that their stages had made. */
export async function forgetUses(transaction: Transaction<Schema>, tenant: string, uses: readonly ArtifactUse[]): Promise<void> {
  const keys = uses.filter((use): use is UseBy<'output'> => use.by === 'output').map(({ key }) => key);
  if (keys.length > 0) await sql`delete from stage_outputs where tenant = ${tenant} and key = any(${keys}::text[])`.execute(transaction);
  const uploads = uses.filter((use): use is UseBy<'upload'> => use.by === 'upload').map(({ id }) => id);
  if (uploads.length > 0) await sql`delete from uploads where tenant = ${tenant} and id = any(${uploads}::uuid[])`.execute(transaction);
  const versions = uses.filter((use): use is UseBy<'version'> => use.by === 'version').map(({ documentId, reference }) => ({ documentId, uri: reference.uri, start: reference.offset }));
  if (versions.length > 0) {
    await sql`
      delete from version_artifacts using jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) as gone ("documentId" uuid, uri text, start bigint)
      where tenant = ${tenant} and document_id = gone."documentId" and version_artifacts.uri = gone.uri and version_artifacts.start = gone.start`.execute(transaction);
  }
  const requests = uses.filter((use): use is UseBy<'request'> => use.by === 'request').map(({ jobId, index }) => ({ jobId, index }));
  if (requests.length > 0) {
    await sql`
      update job_documents set progress = null from jsonb_to_recordset(${JSON.stringify(requests)}::jsonb) as gone ("jobId" uuid, index integer)
      where tenant = ${tenant} and job_id = gone."jobId" and job_documents.index = gone.index and state = 'failed'`.execute(transaction);
  }
}
