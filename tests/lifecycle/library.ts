import type { CatalystClient } from '../../src/sdk/client.ts';
import { seededRandom } from '../chaos/schedule/random.ts';

const words = 'harbour ferry crane quay timber copper linen salt grain rope tide lamp ledger clerk crate valve boiler signal winter timetable berth anchor chart pilot gate weigh scale north depot mill'.split(' ');

/** Invented documents of a dozen passages each; no two are alike. */
export function inventDocuments(count: number, seed: number, prefix = 'doc'): { id: string; title: string; text: string; mediaType: 'text/markdown' }[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const sections = Array.from({ length: 12 }, (_unused, section) => {
      const sentence = Array.from({ length: 60 }, () => random.pick(words)).join(' ');
      return `## Part ${section} of ${prefix} ${number}\n\nEntry ${seed}.${number}.${section}: ${sentence}.`;
    });
    return { id: `${prefix}-${number}`, title: `Ledger ${number}`, text: `# Ledger ${number}\n\n${sections.join('\n\n')}`, mediaType: 'text/markdown' };
  });
}

/** Fills a tenant: documents, some of them labelled by hand, replaced by another version, or deleted. */
export async function fillTenant(client: CatalystClient, documents: number, seed: number): Promise<void> {
  const invented = inventDocuments(documents, seed);
  await ingest(client, invented);
  await ingest(client, invented.slice(0, 8).map((document) => ({ ...document, text: `${document.text}\n\nA line more.` })));
  const stored: string[] = [];
  for await (const { id } of client.documents.list({ pageSize: 1_000 })) stored.push(id);
  await client.documents.setLabels(stored.slice(0, 5), ['harbour-office']);
  const { id } = await client.documents.delete(stored.at(-1) ?? '');
  await client.deletions.wait(id);
}

export async function ingest(client: CatalystClient, documents: Parameters<CatalystClient['ingest']>[0]['documents']): Promise<void> {
  const { jobId } = await client.ingest({ documents });
  const { state } = await client.waitForJob(jobId);
  if (state !== 'succeeded') throw new Error(`The job ${jobId} ended as ${state}.`);
}
