import type { DumpedTable } from '../../../contracts/backups.ts';
import type { CatalogueTable } from './tableCatalogue.ts';

/** Restored in one transaction: entries are only appended after heads, and new ones follow those that are back. */
const together: readonly (readonly string[])[] = [['audit_heads', 'audit_entries']];

/** Groups of tables, none before one that it refers to. */
export function inOrder(tables: readonly DumpedTable[], catalogue: readonly Pick<CatalogueTable, 'name' | 'refersTo'>[]): DumpedTable[][] {
  const waiting = new Map(tables.map((table) => [table.name, table]));
  const refersTo = new Map(catalogue.map((table) => [table.name, table.refersTo]));
  const ordered: DumpedTable[][] = [];
  const place = (name: string, above: readonly string[]): void => {
    const table = waiting.get(name);
    if (table === undefined || above.includes(name)) return;
    for (const other of refersTo.get(name) ?? []) place(other, [...above, name]);
    const group = (together.find((names) => names.includes(name)) ?? [name]).flatMap((member) => waiting.get(member) ?? []);
    for (const member of group) waiting.delete(member.name);
    if (group.length > 0) ordered.push(group);
  };
  for (const { name } of tables) place(name, []);
  return ordered;
}
