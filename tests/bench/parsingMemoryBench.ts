import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { column, makePdf } from '../unit/documents/makePdf.ts';
import { round } from './statistics.ts';

export interface ParsingReport {
  readonly files: readonly { readonly file: string; readonly pages: number | null; readonly characters: number; readonly seconds: number; readonly idleMegabytes: number; readonly peakMegabytes: number; readonly aboveIdleMegabytes: number }[];
  readonly mostAboveIdleMegabytes: number;
}

interface Measured {
  readonly idle: number;
  readonly peak: number;
  readonly seconds: number;
  readonly pages: number | null;
  readonly characters: number;
}

const run = promisify(execFile);
const documents = join(import.meta.dirname, '../../../shared/documents');
const largeFiles = ['pdf/DA-619p.pdf', 'docx/handbook-872p.docx'];
const generatedPages = 2_000;
const linesOfPage = 52;

/** Pages full of text, no two lines alike. */
function largePdf(): Uint8Array {
  return makePdf(Array.from({ length: generatedPages }, (_, page) => [
    { x: 72, y: 750, text: `Chapter ${page + 1}`, size: 16 },
    ...column(72, 720, Array.from({ length: linesOfPage }, (_unused, line) => `Line ${line} of page ${page} tells what happened in the year ${1000 + ((page * 37 + line * 101) % 1000)} and goes on.`)),
  ]));
}

async function measure(file: string): Promise<Measured> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'parsingMemoryProcess.ts'), file], { maxBuffer: 1024 * 1024 });
  return JSON.parse(stdout) as Measured;
}

/** Peak resident memory of a process that parses one large file as the worker does, above what the process takes when idle. */
export async function benchParsing(): Promise<ParsingReport> {
  const folder = await mkdtemp(join(tmpdir(), 'catalyst-parsing-'));
  try {
    const generated = join(folder, `generated-${generatedPages}p.pdf`);
    await writeFile(generated, largePdf());
    const files: ParsingReport['files'][number][] = [];
    for (const file of [...largeFiles.map((name) => join(documents, name)).filter((path) => existsSync(path)), generated]) {
      const { idle, peak, seconds, pages, characters } = await measure(file);
      files.push({ file: basename(file), pages, characters, seconds: round(seconds, 1), idleMegabytes: idle, peakMegabytes: peak, aboveIdleMegabytes: peak - idle });
    }
    return { files, mostAboveIdleMegabytes: Math.max(...files.map(({ aboveIdleMegabytes }) => aboveIdleMegabytes)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
