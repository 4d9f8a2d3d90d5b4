/** Column and row of a cell, both from 0. */
export interface CellPlace {
  readonly column: number;
  readonly row: number;
}

const mostColumns = 16_384;
const mostRows = 1_048_576;

/** The place that a reference such as `B7` names; undefined where it names none of a sheet. */
export function readReference(reference: string | undefined): CellPlace | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/i.exec(reference ?? '');
  if (match === null) return undefined;
  let column = 0;
  for (const letter of (match[1] ?? '').toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  const row = Number(match[2]);
  return column > mostColumns || row < 1 || row > mostRows ? undefined : { column: column - 1, row: row - 1 };
}
