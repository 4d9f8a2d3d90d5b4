import { describe, expect, it } from 'vitest';
import { numbersOf, tenantTable } from '../../../src/config/tenantTable.ts';

const table = tenantTable(['search', 'ingest']);

describe('numbers by tenant', () => {
  it('are those of the tenant, and of all where it says nothing', () => {
    const numbers = table.parse('*=search:600,ingest:60; acme=search:6000,ingest:none ;demo=ingest:5');
    expect(numbersOf(numbers, 'acme')).toEqual({ search: 6000 });
    expect(numbersOf(numbers, 'demo')).toEqual({ search: 600, ingest: 5 });
    for (const other of ['else', 'constructor', '__proto__']) expect(numbersOf(numbers, other)).toEqual({ search: 600, ingest: 60 });
  });

  it('are none where nothing is said', () => {
    expect(numbersOf(table.parse(undefined), 'acme')).toBeUndefined();
    expect(numbersOf(table.parse('demo=search:1'), 'acme')).toBeUndefined();
  });

  it.each(['search:600', '*=', '*=search', '*=search:0', '*=search:-1', '*=search:1.5', '*=write:5', 'Acme=search:1', '*=search:1,,ingest:2'])('refuse %s and say what is taken', (text) => {
    const { success, error } = table.safeParse(text);
    expect(success).toBe(false);
    expect(error?.issues[0]?.message).toContain('TENANT=NAME:NUMBER');
  });

  it('may be fractions where they are money', () => {
    expect(numbersOf(tenantTable(['search'], { whole: false }).parse('*=search:0.5'), 'acme')).toEqual({ search: 0.5 });
  });
});
