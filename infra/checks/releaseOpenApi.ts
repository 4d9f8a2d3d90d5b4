/**
 * `npm run release`: keeps the document of today as the released one, which `npm test` compares the API with from then on.
 * What breaks clients is refused unless `-- --breaking` says that it is meant.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { servedOpenApi } from '../documentation/servedOpenApi.ts';
import { breakingChanges } from './openApiChanges.ts';
import type { OpenApi } from './openApiChanges.ts';
import { releasedOpenApiFile } from './releasedOpenApi.ts';

const { values } = parseArgs({ options: { breaking: { type: 'boolean', default: false } } });
const current = (await servedOpenApi()) as unknown as OpenApi;
const released = await readFile(releasedOpenApiFile, 'utf8').then((text) => JSON.parse(text) as OpenApi, () => undefined);
const changes = released === undefined ? [] : breakingChanges(released, current);
for (const { where, what } of changes) console.log(`${where}: ${what}`);
if (changes.length > 0 && !values.breaking) {
  console.log(`${changes.length} changes break clients. Take them back, or give them a new version of the API; -- --breaking keeps the document all the same.`);
  process.exitCode = 1;
} else {
  await writeFile(releasedOpenApiFile, `${JSON.stringify(current, undefined, 1)}\n`);
  console.log('docs/reference/openapi.released.json');
}
