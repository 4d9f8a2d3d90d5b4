import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { errorTable } from '../../../contracts/errors.ts';
import type { Failure } from '../../../contracts/failure.ts';
import type { LibraryReader } from '../../../ports/library.ts';

/** Who is anybody in the tenant: holds no label. */
export const anybody: Pick<LibraryReader, 'policies'> = { policies: [] };

/**
 * Whether the reader holds all labels of the document that a row of `job_documents as request` asks for: those that it has, those that the
 * request gives it unless they were set by hand, and those of what it is attached to.
 */
export function readableRequest(tenant: string, { policies }: Pick<LibraryReader, 'policies'>, request: 'request' | 'dead' | 'job_documents' = 'request'): RawBuilder<boolean> {
  if (policies === 'all') return sql<boolean>`true`;
  const row = sql.table(request);
  const held = sql`${[...policies]}::text[]`;
  const asked = sql`array(select jsonb_array_elements_text(coalesce(${row}.specification->'policies', '[]'))) <@ ${held}`;
  return sql<boolean>`(
    coalesce((select document.policies <@ ${held} and (document.set_policies is not null or ${asked}) from documents document where document.tenant = ${tenant} and document.id = ${row}.document_id), ${asked})
    and coalesce((select parent.policies <@ ${held} from documents parent where parent.tenant = ${tenant} and parent.id = ${row}.parent_id), true))`;
}

/** A failure without its message, which may name the document. */
export function reducedFailure({ code, remedy, attempts }: Failure): Failure {
  return { code, message: errorTable[code].title, remedy, ...(attempts === undefined ? {} : { attempts }) };
}
