import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../src/contracts/consistency.ts';
import { runFaults } from './faultRun.ts';

/** `npm run lifecycle -- --only faults` does a thousand. */
const faults = 25 * faultKinds.length;

describe('an audit of a damaged index', () => {
  it('finds every fault, mends it byte for byte, and invents none, while others search and ingest, and though the worker is killed', async () => {
    const result = await runFaults({ faults, documentsPerTenant: 50, killWorker: true, log: (line) => console.log(line) });
    console.log(`${faults} faults in ${result.documents} documents: audits of both tenants took ${result.auditSeconds.toFixed(1)} s; clean ones ${result.clean.map(({ seconds }) => seconds.toFixed(1)).join(', ')} s; ${result.searches} searches, ${result.writes} documents ingested meanwhile`);
    expect(result.complaints).toEqual([]);
    expect(result).toMatchObject({ injected: faults, found: faults, mended: faults, invented: 0, failedSearches: 0 });
    for (const kind of faultKinds) expect(result.byKind[kind], kind).toEqual({ injected: 25, found: 25, mended: 25 });
    expect(result.searches).toBeGreaterThan(20);
    expect(result.writes).toBeGreaterThan(2);
  }, 300_000);
});
