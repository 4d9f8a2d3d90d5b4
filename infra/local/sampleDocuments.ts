import { readFile, readdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'sample');
const mediaTypes = { '.md': 'text/markdown', '.html': 'text/html', '.txt': 'text/plain' } as const;

export interface SampleDocument {
  /** Chosen identity: a second start finds the same document. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly mediaType: (typeof mediaTypes)[keyof typeof mediaTypes];
  readonly tags: string[];
}

/** A question to which one of the sample documents holds the answer. */
export const sampleQuery = 'How strong may the wind be before Razorbill is cancelled?';

/** The documents of the sample set: the handbook of an invented ferry company. */
export async function readSampleDocuments(): Promise<SampleDocument[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.filter((name) => extname(name) in mediaTypes).map((name) => readSampleDocument(name)));
}

async function readSampleDocument(name: string): Promise<SampleDocument> {
  const text = await readFile(join(folder, name), 'utf8');
  const mediaType = mediaTypes[extname(name) as keyof typeof mediaTypes];
  return { id: `sample/${name}`, title: titleOf(text) ?? name, text, mediaType, tags: ['sample'] };
}

/** The HTML title, the first Markdown heading, or the first line. */
function titleOf(text: string): string | undefined {
  const title = /<title>([^<]+)<\/title>/.exec(text)?.[1] ?? /^(?:#\s+)?(.+)$/m.exec(text)?.[1];
  return title?.trim();
}
