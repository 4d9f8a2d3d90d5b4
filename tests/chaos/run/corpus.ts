import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import type { DocumentInput } from '../../../src/sdk/client.ts';
import { readDocuments } from '../../bench/corpus.ts';
import { seededRandom } from '../schedule/random.ts';
import type { Random } from '../schedule/random.ts';

/** A document to ingest: inline text, or a file that is uploaded first. Its id is the same in every run. */
export type CorpusDocument = { readonly id: string } & ({ readonly file: string } | { readonly text: string; readonly title: string });

/** What stands beside documents in a folder, and is none. */
const notDocuments = new Set(['.tsv', '.license', '.json']);

/**
 * The files of folders (of a folder in BEIR layout its texts), and invented notes, in an order that mixes them: the same
 * for the same arguments.
 */
export async function readCorpus(folders: readonly string[], notes: number): Promise<CorpusDocument[]> {
  const read = await Promise.all(folders.map(readFolder));
  return seededRandom(1).shuffle([...read.flat(), ...inventNotes(notes)]);
}

async function readFolder(folder: string): Promise<CorpusDocument[]> {
  const isBeir = await stat(join(folder, 'corpus.jsonl')).then((found) => found.isFile(), () => false);
  if (isBeir) {
    const documents = await readDocuments(folder, Infinity);
    return documents.map((document) => ({ id: `${basename(folder)}/${document.id}`, title: document.title ?? '', text: (document as { text: string }).text }));
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !notDocuments.has(extname(entry.name))).map((entry) => join(entry.parentPath, entry.name));
  return files.sort().map((file) => ({ id: relative(folder, file), file }));
}

/** Invented notes: most of one passage, every tenth of a dozen, no two alike. */
export function inventNotes(count: number): CorpusDocument[] {
  const random = seededRandom(2);
  return Array.from({ length: count }, (_, number) => {
    const passages = number % 10 === 0 ? 12 : 1;
    const text = Array.from({ length: passages }, (_unused, passage) => inventPassage(random, number, passage)).join('\n\n');
    return { id: `note-${number}`, title: `Ledger ${number}`, text };
  });
}

const goods = ['timber', 'copper wire', 'roof tiles', 'linen', 'salt', 'glass', 'tools', 'grain', 'paper', 'rope'] as const;
const places = ['the northern depot', 'quay seven', 'the valley road', 'the upper mill', 'warehouse nine', 'the rail yard'] as const;
const endings = ['All arrived by noon.', 'One crate was returned.', 'The clerk signed for it.', 'The scales were checked twice.', 'Nothing was missing.'] as const;

function inventPassage(random: Random, number: number, passage: number): string {
  const sentences = Array.from({ length: 10 }, (_, line) => {
    const [amount, day] = [random.integer(2, 900), random.integer(1, 28)];
    return `On day ${day} entry ${number}.${passage}.${line} lists ${amount} loads of ${random.pick(goods)} that came from ${random.pick(places)}. ${random.pick(endings)}`;
  });
  return sentences.join(' ');
}

/** As `POST /v1/ingest/bulk` takes it; `upload` stores a file and tells its id. */
export async function toInput(document: CorpusDocument, upload: (file: string) => Promise<string>): Promise<DocumentInput> {
  if ('file' in document) return { id: document.id, uploadId: await upload(document.file) };
  const { id, title, text } = document;
  return { id, text, ...(title === '' ? {} : { title }) };
}
