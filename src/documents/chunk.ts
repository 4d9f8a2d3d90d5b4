import type { Chunk, ChunkedDocument, ChunkingSettings } from '../contracts/chunks.ts';
import type { Tier } from '../contracts/documents.ts';
import type { ParsedText } from '../contracts/parsed.ts';
import type { Tokenizer } from '../ports/tokenizer.ts';
import { ContextBudget } from './chunking/context.ts';
import { groupSections } from './chunking/groups.ts';
import type { Group } from './chunking/groups.ts';
import { PassageChooser } from './chunking/passages.ts';
import { readSections } from './chunking/sections.ts';
import { mostCharactersPerToken } from './chunking/shorten.ts';
import { UnitCutter } from './chunking/units.ts';
import { ChunkWriter } from './chunking/writer.ts';
import { withCodes } from './codes/chunkCodes.ts';
import { withRisk } from './risk/chunkRisk.ts';

/** Version of what chunking makes of the same parsed text. Raise it whenever the output changes: stored chunks are then made anew. */
export const chunkerVersion = '4';

export interface ChunkOptions {
  /** Accompanies every chunk when it is embedded; shortened when it would take too much of the limit. */
  readonly title: string;
  /** Tier of every chunk, where the caller says what the document is. */
  readonly tier?: Tier;
  readonly settings: ChunkingSettings;
  readonly tokenizer: Tokenizer;
}

/** A document that fits as it is, with one heading at the most: most notes and abstracts; counted once and never cut. */
function wholeDocument(parsed: ParsedText, writer: ChunkWriter, maximumTokens: number): Chunk | undefined {
  const [first] = parsed.blocks;
  const last = parsed.blocks.at(-1);
  if (first === undefined || last === undefined || last.end - first.start > maximumTokens * mostCharactersPerToken) return undefined;
  const headings = parsed.blocks.filter(({ kind }) => kind === 'heading').length;
  if (headings > 1 || (headings === 1 && first.kind !== 'heading')) return undefined;
  const path = readSections(parsed)[0]?.path ?? [];
  const chunk = writer.write(0, { start: first.start, end: last.end, path, blocks: parsed.blocks });
  return chunk.tokens <= maximumTokens ? chunk : undefined;
}

/** Chunks of a group. A tokenizer may count a text higher than the sum of its sentences: then units are given back until it fits. */
function* chunksOf(group: Group, firstOrdinal: number, writer: ChunkWriter, settings: ChunkingSettings): Generator<Chunk> {
  const chooser = new PassageChooser(group, settings.overlapTokens);
  let ordinal = firstOrdinal;
  let previous = 0;
  for (let fresh = 0; fresh < chooser.length;) {
    let choice = chooser.next(previous, fresh);
    let chunk = writer.write(ordinal, choice);
    while (chunk.tokens > settings.maximumTokens && (choice.to - 1 > fresh || choice.from < fresh)) {
      choice = choice.from < fresh ? chooser.of(fresh, fresh, choice.to) : chooser.of(fresh, fresh, choice.to - 1);
      chunk = writer.write(ordinal, choice);
    }
    yield chunk;
    ordinal += 1;
    previous = fresh;
    fresh = choice.to;
  }
}

/**
 * Cuts a parsed document into passages along its structure. Every character of the text that is not white space stands in exactly
 * one chunk, save for the overlap at the start of a chunk. No embedded text is longer than `settings.maximumTokens`. Chunks carry
 * the codes of known classifications that stand in them or above them, and what they say to a model rather than to people.
 */
export function chunkDocument(parsed: ParsedText, options: ChunkOptions): ChunkedDocument {
  const { settings, tokenizer } = options;
  const context = new ContextBudget(options.title, settings.maximumTokens, tokenizer);
  const writer = new ChunkWriter(parsed, context, tokenizer, options.tier);
  const language = parsed.language === undefined ? {} : { language: parsed.language };
  const whole = wholeDocument(parsed, writer, settings.maximumTokens);
  if (whole !== undefined) return { title: context.title, ...language, chunks: withFindings([whole], context.title, parsed) };
  const chunks: Chunk[] = [];
  for (const group of groupSections(parsed, context, new UnitCutter(parsed.text, parsed.language, tokenizer))) {
    for (const chunk of chunksOf(group, chunks.length, writer, settings)) chunks.push(chunk);
  }
  return { title: context.title, ...language, chunks: withFindings(chunks, context.title, parsed) };
}

function withFindings(chunks: readonly Chunk[], title: string, parsed: ParsedText): Chunk[] {
  return withRisk(withCodes(chunks, title, parsed), title, parsed);
}
