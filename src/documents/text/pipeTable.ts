import { inlineText } from './normalise.ts';

function rowLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function withoutEmptyColumns(rows: readonly (readonly string[])[]): string[][] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const used = new Array<boolean>(width).fill(false);
  for (const row of rows) row.forEach((cell, column) => { if (cell !== '') used[column] = true; });
  return rows.map((row) => used.flatMap((isUsed, column) => (isUsed ? [row[column] ?? ''] : [])));
}

/** Rows as clean cells: whitespace collapsed, empty rows and columns dropped, all rows of one width. */
export function cleanCells(rows: readonly (readonly string[])[]): string[][] {
  const clean = rows.map((row) => row.map(inlineText)).filter((row) => row.some((cell) => cell !== ''));
  return withoutEmptyColumns(clean);
}

/** A Markdown pipe table whose first row is the header; '' without cells. */
export function pipeTable(rows: readonly (readonly string[])[]): string {
  const [header, ...body] = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  if (header === undefined || header.length === 0) return '';
  return [rowLine(header), rowLine(header.map(() => '---')), ...body.map(rowLine)].join('\n');
}
