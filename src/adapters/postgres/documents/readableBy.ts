import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { LibraryReader } from '../../../ports/library.ts';

/** Documents all of whose labels the reader holds, as search shows them. */
export function readableBy({ policies }: Pick<LibraryReader, 'policies'>): RawBuilder<boolean> {
  return policies === 'all' ? sql<boolean>`true` : sql<boolean>`documents.policies <@ ${[...policies]}::text[]`;
}
