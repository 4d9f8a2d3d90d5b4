/**
 * `npm run bench:scale`: jobs of growing size through the whole stack with a stub embedder, each size in a stack of its own.
 * Options: --documents 1000,10000,50000 (default), --json FILE
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine/describeMachine.ts';
import { benchScale } from './scale/scaleBench.ts';
import { renderScale } from './scale/renderScale.ts';

const { values } = parseArgs({ options: { json: { type: 'string' }, documents: { type: 'string', default: '1000,10000,50000' } } });
const sizes = values.documents.split(',').map(Number);
if (sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) throw new Error('--documents takes numbers, separated by commas.');
const machine = describeMachine();
const report = await benchScale(sizes, (line) => void process.stderr.write(`${line}\n`));
console.log(`${machine.date} · ${machine.machine}\n\n${renderScale(report)}`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ ...machine, ...report }, undefined, 2)}\n`);
process.exit(0);
