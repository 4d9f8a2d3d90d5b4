import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DocumentInput } from '../../src/sdk/client.ts';

/** The first documents of a BEIR folder's corpus, as they are sent to the API. */
export async function readDocuments(folder: string, limit: number): Promise<DocumentInput[]> {
  const documents: DocumentInput[] = [];
  for await (const line of lines(join(folder, 'corpus.jsonl'))) {
    const { _id, title, text } = JSON.parse(line) as { _id: string; title: string; text: string };
    if (text.trim() !== '') documents.push({ id: _id, ...(title === '' ? {} : { title }), text });
    if (documents.length === limit) break;
  }
  return documents;
}

export async function readQueries(folder: string, limit: number): Promise<string[]> {
  const queries: string[] = [];
  for await (const line of lines(join(folder, 'queries.jsonl'))) {
    queries.push((JSON.parse(line) as { text: string }).text);
    if (queries.length === limit) break;
  }
  return queries;
}

function lines(path: string) {
  return createInterface({ input: createReadStream(path), crlfDelay: Infinity });
}

/** Short invented notes, for runs that measure everything but the model. */
export function makeNotes(count: number): DocumentInput[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `note-${number}`,
    title: `Note ${number}`,
    text: `Shipment ${number} left the northern depot with ${number % 90} crates of tools. The driver reported that bridge ${number % 17} was closed and took the valley road instead. All goods arrived by noon.`,
  }));
}
