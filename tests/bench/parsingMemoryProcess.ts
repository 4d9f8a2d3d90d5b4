/** One file through parsing and chunking in a process of its own, as the worker does it: prints idle and peak resident memory, in MB, and what came out. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createParserPool } from '../../src/adapters/parser/parserPool.ts';
import { encodeJson } from '../../src/activities/stages/encoding.ts';
import { chunkDocument } from '../../src/documents/chunk.ts';
import type { Tokenizer } from '../../src/ports/tokenizer.ts';
import { memoryOf, resetPeak } from './machine/peakMemory.ts';

const [file = ''] = process.argv.slice(2);
/** The measure is of parsing: counting by letters spares the model, whose memory is the same for every document. */
const tokenizer: Tokenizer = { count: (text) => Math.ceil(text.length / 4) };

const parser = createParserPool({ threads: 1, timeoutSeconds: 300, pageTimeoutSeconds: 60, memoryMegabytes: 1024 });
await new Promise((resolve) => setTimeout(resolve, 500));
const idle = memoryOf('self', 'VmRSS');
resetPeak('self');
const started = performance.now();
const parsed = await parser.parse(readFileSync(file), { mediaType: undefined, fileName: basename(file), url: undefined });
const seconds = (performance.now() - started) / 1000;
encodeJson(parsed);
const { chunks } = chunkDocument(parsed, { title: parsed.title ?? basename(file), settings: { maximumTokens: 448, overlapTokens: 48 }, tokenizer });
console.log(JSON.stringify({ idle, peak: memoryOf('self', 'VmHWM'), seconds, pages: parsed.pageCount ?? null, characters: parsed.text.length, chunks: chunks.length }));
await parser.close();
