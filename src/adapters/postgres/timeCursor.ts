import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { CatalystError } from '../../contracts/errors.ts';

/** Where a list by time goes on: microseconds, since a Date would lose them, and what tells apart rows of the same moment. */
export interface TimeCursor {
  readonly moment: RawBuilder<Date>;
  readonly id: string;
  /** Of a document within its job. */
  readonly index: number;
}

/** The time of a column, as it is written into a cursor. */
export function microsecondsOf(column: string): RawBuilder<string> {
  return sql<string>`(extract(epoch from ${sql.ref(column)}) * 1000000)::bigint::text`;
}

export function writeCursor(microseconds: string, id: string, index = 0): string {
  return `${microseconds}_${id}_${index}`;
}

export function readCursor(cursor: string): TimeCursor {
  const parts = /^(\d{1,18})_([0-9a-f-]{36})_(\d{1,9})$/.exec(cursor);
  if (parts === null) throw new CatalystError('INVALID_REQUEST', 'The cursor is not the "next" of an earlier page.');
  const [, microseconds, id, index] = parts as unknown as [string, string, string, string];
  return { moment: sql<Date>`(timestamptz 'epoch' + ${microseconds}::bigint * interval '1 microsecond')`, id, index: Number(index) };
}
