import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Judgements } from './metrics.ts';

const corpusEntrySchema = z.object({ _id: z.string().min(1), title: z.string().nullish(), text: z.string().nullish() });
const querySchema = z.object({ _id: z.string().min(1), text: z.string() });

export interface CorpusEntry {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface JudgedQuery {
  readonly id: string;
  readonly text: string;
  readonly judgements: Judgements;
}

/** Which judgements are read: qrels/test.tsv, qrels/train.tsv or qrels/dev.tsv. */
export const splits = ['test', 'train', 'dev'] as const;
export type Split = (typeof splits)[number];

export interface BeirCollection {
  readonly name: string;
  /** The documents in the order of the file, read as they are asked for. */
  readonly documents: () => AsyncGenerator<CorpusEntry, void, undefined>;
  /** All judged queries. */
  readonly queries: readonly JudgedQuery[];
}

/** Opens a folder in BEIR layout: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv. Throws a sentence that names file and line. */
export async function openBeirCollection(folder: string, limitDocuments: number | undefined, split: Split = 'test'): Promise<BeirCollection> {
  const judgements = await readJudgements(await qrelsFile(folder, split));
  const texts = new Map<string, string>();
  for await (const { _id, text } of jsonLines(join(folder, 'queries.jsonl'), querySchema)) texts.set(_id, text);
  const queries = [...judgements].map(([id, grades]) => {
    const text = texts.get(id);
    if (text === undefined) throw new Error(`qrels/${split}.tsv judges query ${id}, which queries.jsonl does not hold.`);
    return { id, text, judgements: grades };
  });
  const documents = (): AsyncGenerator<CorpusEntry, void, undefined> => corpusEntries(join(folder, 'corpus.jsonl'), limitDocuments ?? Infinity);
  return { name: basename(resolve(folder)), documents, queries: limitDocuments === undefined ? queries : await answerable(queries, documents()) };
}

/** Throws a sentence that says which splits there are where this one is not. */
async function qrelsFile(folder: string, split: Split): Promise<string> {
  const names = await readdir(join(folder, 'qrels')).catch(() => {
    throw new Error(`${folder} is not in BEIR layout: it has no folder qrels.`);
  });
  if (names.includes(`${split}.tsv`)) return join(folder, 'qrels', `${split}.tsv`);
  const there = names.filter((name) => name.endsWith('.tsv')).sort();
  throw new Error(`${join(folder, 'qrels')} holds no ${split}.tsv, ${there.length === 0 ? 'nor any other judgements' : `only ${there.join(', ')}`}.`);
}

/** For part of a corpus: judgements of documents outside of it are dropped, and queries that nothing in it answers. */
async function answerable(queries: readonly JudgedQuery[], documents: AsyncIterable<CorpusEntry>): Promise<JudgedQuery[]> {
  const present = new Set<string>();
  for await (const { id } of documents) present.add(id);
  return queries
    .map((query) => ({ ...query, judgements: new Map([...query.judgements].filter(([id]) => present.has(id))) }))
    .filter((query) => [...query.judgements.values()].some((grade) => grade > 0));
}

async function* corpusEntries(file: string, limit: number): AsyncGenerator<CorpusEntry, void, undefined> {
  let read = 0;
  for await (const { _id, title, text } of jsonLines(file, corpusEntrySchema)) {
    if (read >= limit) return;
    read += 1;
    yield { id: _id, title: title ?? '', text: text ?? '' };
  }
}

async function* jsonLines<Line>(file: string, schema: z.ZodType<Line>): AsyncGenerator<Line, void, undefined> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    let parsed: Line;
    try {
      parsed = schema.parse(JSON.parse(line));
    } catch (error) {
      throw new Error(`${file}, line ${number}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    yield parsed;
  }
}

/** Lines of query id, document id and grade, with or without a header line. */
async function readJudgements(file: string): Promise<Map<string, Map<string, number>>> {
  const judgements = new Map<string, Map<string, number>>();
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [queryId, documentId, score] = line.split('\t');
    if (queryId === undefined || documentId === undefined || score === undefined) throw new Error(`${file}, line ${index + 1}: not query-id, corpus-id and score, separated by tabs.`);
    if (!Number.isFinite(Number(score)) || score.trim() === '') {
      if (index === 0) continue;
      throw new Error(`${file}, line ${index + 1}: the score "${score}" is not a number.`);
    }
    const grades = judgements.get(queryId) ?? new Map<string, number>();
    grades.set(documentId, Number(score));
    judgements.set(queryId, grades);
  }
  if (judgements.size === 0) throw new Error(`${file} holds no judgements.`);
  return judgements;
}
