import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { chunkDocument } from '../../../src/documents/chunk.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import { wordPieces } from './wordPieces.ts';

/** Real documents beside the checkout; they are not part of the project. */
const folder = join(import.meta.dirname, '../../../../shared/documents');
const isThere = existsSync(join(folder, 'manifest.tsv'));

interface ManifestEntry {
  readonly kind: string;
  readonly file: string;
}

function manifest(): ManifestEntry[] {
  if (!isThere) return [];
  return readFileSync(join(folder, 'manifest.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => {
    const [kind = '', file = ''] = line.split('\t');
    return { kind, file };
  });
}

/** What became of a document, in one line. */
async function summary({ kind, file }: ManifestEntry): Promise<string> {
  try {
    const parsed = await parseDocument(readFileSync(join(folder, kind, file)), { mediaType: undefined, fileName: file, url: undefined });
    const { chunks } = chunkDocument(parsed, { title: parsed.title ?? file, settings: { maximumTokens: 1024, overlapTokens: 64 }, tokenizer: wordPieces });
    expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(1024);
    for (const { start, end } of parsed.blocks) expect(parsed.text.slice(start, end).trim()).not.toBe('');
    expect(parsed.text).toBe(parsed.text.normalize('NFC'));
    const count = (wanted: string): number => parsed.blocks.filter((block) => block.kind === wanted).length;
    const pages = parsed.pageCount === undefined ? '' : `${parsed.pageCount} pages (${parsed.lostPages.length} lost), `;
    return `${pages}${parsed.text.length} characters, ${parsed.blocks.length} blocks, ${count('heading')} headings, ${count('list')} lists, ${count('table')} tables, ${count('code')} code, ${chunks.length} chunks, title ${parsed.title ?? '-'}`;
  } catch (thrown) {
    if (!(thrown instanceof CatalystError)) throw thrown;
    return `${thrown.code}: ${thrown.message}`;
  }
}

describe.skipIf(!isThere)(`real documents${isThere ? '' : ' (skipped: ../shared/documents is not beside the checkout)'}`, () => {
  it.each(manifest().map((entry) => [`${entry.kind}/${entry.file}`, entry] as const))('%s', async (_, entry) => {
    expect(await summary(entry)).toMatchSnapshot();
  }, 120_000);

  it('come out readable', async () => {
    const text = async (kind: string, file: string): Promise<string> => (await parseDocument(readFileSync(join(folder, kind, file)), { mediaType: undefined, fileName: file, url: undefined })).text;
    // Columns in reading order: the sentence goes from the foot of one to the head of the next.
    expect(await text('pdf', 'compressed.tracemonkey-pldi-09.pdf')).toContain('the system starts running JavaScript in a fast-starting bytecode interpreter');
    expect(await text('pdf', 'korean-text-with-tables.pdf')).toContain('적립한도 없이 커피전문점·제과점·편의점 2% 빅포인트 적립');
    expect(await text('pdf', 'right_to_left_01.pdf')).toContain('تعتبر البرمجة بلغة R و Python من الأدوات القوية');
    expect(await text('html', 'example-10k.html')).toContain('| Cash and cash equivalents | $16,058,714 | $5,993,388 |');
    expect(await text('html', 'fake-html-cp1252.html')).toContain('Der Preis betrug 15,50 €.');
    expect(await text('html', 'big-preamble.html')).toContain('Агентство недвижимости');
    expect(await text('docx', 'word_sample.docx')).toContain('| Leaves | Ash, Elm, Maple | 50 |');
  }, 120_000);
});
