import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalystError } from '../../src/contracts/errors.ts';
import type { Block } from '../../src/contracts/parsed.ts';
import { chunkDocument } from '../../src/documents/chunk.ts';
import { parseDocument } from '../../src/documents/parse.ts';
import type { ParsedFile } from '../../src/ports/documentParser.ts';
import type { Tokenizer } from '../../src/ports/tokenizer.ts';

/** Real documents beside the checkout; they are not part of the project. */
const folder = join(import.meta.dirname, '../../../shared/documents');
export const areThere = existsSync(join(folder, 'manifest.tsv'));

/** What the worker does by default. */
export const chunkingSettings = { maximumTokens: 448, overlapTokens: 48 };

export interface SharedDocument {
  readonly kind: string;
  readonly file: string;
}

export function sharedDocuments(): SharedDocument[] {
  if (!areThere) return [];
  return readFileSync(join(folder, 'manifest.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => {
    const [kind = '', file = ''] = line.split('\t');
    return { kind, file };
  });
}

export function parseShared({ kind, file }: SharedDocument): Promise<ParsedFile> {
  return parseDocument(readFileSync(join(folder, kind, file)), { mediaType: undefined, fileName: file, url: undefined });
}

const kinds: readonly Block['kind'][] = ['heading', 'paragraph', 'list', 'table', 'code', 'quote'];
const columns = ['file', 'media type', 'title', 'language', 'pages', ...kinds.map((kind) => (kind === 'code' ? kind : `${kind}s`)), 'characters', 'chunks', 'attachments', 'lost pages or failure'];

/** Long names of office formats say nothing that their ends do not. */
function shortType(mediaType: string): string {
  return mediaType.replace('application/vnd.openxmlformats-officedocument.', '…');
}

export interface Outcome {
  readonly row: readonly string[];
  readonly parsed: ParsedFile | undefined;
  readonly largestChunk: number;
}

/** What becomes of a document, as a row of the table. */
export async function outcomeOf(document: SharedDocument, tokenizer: Tokenizer): Promise<Outcome> {
  const name = `${document.kind}/${document.file}`;
  try {
    const parsed = await parseShared(document);
    const { chunks } = chunkDocument(parsed, { title: parsed.title ?? '', settings: chunkingSettings, tokenizer });
    const counts = kinds.map((kind) => String(parsed.blocks.filter((block) => block.kind === kind).length));
    const row = [
      name, shortType(parsed.mediaType), parsed.title ?? '', parsed.language ?? '', String(parsed.pageCount ?? ''), ...counts, String(parsed.text.length), String(chunks.length),
      parsed.attachments.map(({ fileName }) => fileName).join(', '), parsed.lostPages.map(({ page, failure }) => `${page} ${failure.code}`).join(', '),
    ];
    return { row, parsed, largestChunk: Math.max(...chunks.map(({ tokens }) => tokens)) };
  } catch (thrown) {
    if (!(thrown instanceof CatalystError)) throw thrown;
    return { row: [name, ...columns.slice(2).map(() => ''), `${thrown.code}: ${thrown.message}`], parsed: undefined, largestChunk: 0 };
  }
}

/** The rows as a table that is read by people, and compared. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    '# What each of the shared documents gives',
    '',
    'Approved output of `tests/documents/sharedDocuments.test.ts`; after a change that is meant, look at the documents, then `npx vitest run tests/documents -u`.',
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}
