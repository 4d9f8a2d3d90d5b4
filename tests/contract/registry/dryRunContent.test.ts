import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDryRunContent } from '../../../src/adapters/postgres/jobs/dryRunContent.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { digestOf, documentIdOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { DocumentSpecification } from '../../../src/contracts/specification.ts';
import { startTestDatabase } from '../../support/postgres.ts';

let postgres: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  postgres = await startTestDatabase();
}, 300_000);
afterAll(async () => postgres.close());

const tenant = 'dry-run';
const owner = { tenant, subject: 'tester' };

/** Ranges of one packed object. */
function range(place: number): ArtifactReference {
  return { uri: 's3://catalyst/tenants/dry-run/raw/pack', offset: place * 10, length: 10, digest: digestOf(String(place)), mediaType: 'text/plain' };
}

function note(index: number, place: number): DocumentSpecification {
  const sourceKey = `id:note-${place}`;
  return { index, documentId: documentIdOf(tenant, sourceKey), sourceKey, source: { type: 'text', location: `note-${place}` }, origin: { type: 'stored', reference: range(place) }, metadata: {}, tags: [], policies: [] };
}

async function accept(documents: readonly DocumentSpecification[], dryRun: boolean): Promise<string> {
  const jobId = newIdentifier();
  await createJobRegistry(postgres.database).accept(owner, { jobId, workflowId: `job/${tenant}/${jobId}`, documents, dryRun });
  return jobId;
}

it('lists what a dry run brought and nothing else uses, page by page, and nothing of a real job', async () => {
  const content = createDryRunContent(postgres.database);
  const looking = await accept([note(0, 0), note(1, 1), note(2, 2)], true);
  const real = await accept([note(0, 1)], false);
  expect(await content.listErasable(tenant, looking, -1, 2)).toEqual({ erasable: [range(0)], last: 1 });
  expect(await content.listErasable(tenant, looking, 1, 2)).toEqual({ erasable: [range(2)], last: 2 });
  expect(await content.listErasable(tenant, looking, 2, 2)).toEqual({ erasable: [], last: null });
  expect(await content.listErasable(tenant, real, -1, 2)).toEqual({ erasable: [], last: null });
  expect(await content.listErasable('another', looking, -1, 2)).toEqual({ erasable: [], last: null });
});
