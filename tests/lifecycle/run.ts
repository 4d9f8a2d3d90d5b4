/**
 * `npm run lifecycle`: what happens to an index in its life, on a stack of its own. Options: --only PART,… (faults), --faults N, --documents N
 * (of each of two tenants), --seed N, --kill (the worker, while it audits), --json FILE. Ends with 1 where something is not as it should be.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runFaults } from './faultRun.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: 'faults' },
      faults: { type: 'string', default: '1000' },
      documents: { type: 'string', default: '200' },
      seed: { type: 'string', default: '7' },
      kill: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  if (values.only !== 'faults') throw new Error(`There is no part "${values.only}".`);
  const { injected, found, mended, invented, ...more } = await runFaults({ faults: Number(values.faults), documentsPerTenant: Number(values.documents), seed: Number(values.seed), killWorker: values.kill, log });
  const result = { faults: { injected, found, mended, invented }, searches: more.searches, failedSearches: more.failedSearches, writes: more.writes };
  console.log(JSON.stringify({ ...result, ...more }, undefined, 2));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ ...result, details: more }, undefined, 2)}\n`);
  return found === injected && mended === injected && invented === 0 && more.failedSearches === 0 ? 0 : 1;
}

process.exit(await main());
