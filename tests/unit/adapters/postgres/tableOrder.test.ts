import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../src/adapters/postgres/backup/tableOrder.ts';
import type { DumpedTable } from '../../../../src/contracts/backups.ts';

const dumped = (name: string): DumpedTable => ({ name, columns: [], rows: 0, digest: '', file: { key: name, bytes: 0, digest: 'sha256:0', mark: '', lines: 0 } });

function orderOf(refersTo: Readonly<Record<string, readonly string[]>>): string[][] {
  const catalogue = Object.entries(refersTo).map(([name, others]) => ({ name, refersTo: others }));
  return inOrder(Object.keys(refersTo).map(dumped), catalogue).map((group) => group.map(({ name }) => name));
}

describe('inOrder', () => {
  it('puts tables behind those that they refer to, through others too', () => {
    const order = orderOf({ events: ['jobs'], faults: ['pages'], jobs: [], pages: ['audits'], audits: [] }).flat();
    for (const [before, after] of [['jobs', 'events'], ['audits', 'pages'], ['pages', 'faults']]) expect(order.indexOf(before ?? '')).toBeLessThan(order.indexOf(after ?? ''));
    expect(order).toHaveLength(5);
  });

  it('ends where tables refer to themselves or to each other', () => {
    expect(orderOf({ tree: ['tree'], left: ['right'], right: ['left'] }).flat().sort()).toEqual(['left', 'right', 'tree']);
  });

  it('keeps the two tables of the audit log together', () => {
    expect(orderOf({ audit_entries: [], other: [], audit_heads: [] })).toContainEqual(['audit_heads', 'audit_entries']);
  });
});
