/** Rows in aligned columns, two spaces apart; columns named in `right` (by position) are aligned to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = [], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return rows
    .map((row) => indent + row.map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}
