import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceFolder, referencePages } from '../../../infra/documentation/referencePages.ts';

let pages: ReadonlyMap<string, string>;

beforeAll(async () => {
  pages = await referencePages();
}, 60_000);

describe('docs/reference', () => {
  it.each(['api.md', 'cli.md', 'configuration.md', 'errors.md', 'metrics.md', 'openapi.json', 'retries.md', 'scopes.md'])('%s is what the code gives now (else: npm run docs)', async (name) => {
    expect(await readFile(new URL(name, referenceFolder), 'utf8')).toBe(pages.get(name));
  });

  it('is made of no other pages than these', () => {
    expect(pages.size).toBe(8);
  });

  it('names every retry that is limited, and every activity', () => {
    expect(pages.get('errors.md')).toMatch(/`FETCH_UNREACHABLE` \| 502 \| 5 times/);
    expect(pages.get('errors.md')).toMatch(/`INDEX_UNAVAILABLE` \| 503 \| until it answers/);
    for (const activity of ['startJob', 'acquireDocuments', 'parseDocuments', 'chunkDocuments', 'embedDocuments', 'upsertDocuments', 'publishDocuments', 'finishJob']) {
      expect(pages.get('retries.md')).toContain(`\`${activity}\``);
    }
  });

  it('lists what production refuses besides', () => {
    const production = pages.get('configuration.md')?.split('With `CATALYST_PROFILE=production` besides:')[1] ?? '';
    for (const variable of ['FIRECRAWL_API_KEY', 'CATALYST_AUTH_ISSUER', 'CATALYST_FETCH_PRIVATE_ADDRESSES', 'QDRANT_URL', 'S3_ENDPOINT']) expect(production).toContain(`| \`${variable}\` |`);
  });
});
