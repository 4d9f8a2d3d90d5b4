import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { Block, ParsedText } from '../../contracts/parsed.ts';
import { BoundedText } from '../tables/boundedText.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { readJson } from './members.ts';
import { writeRecord } from './writeValue.ts';

/** Lines that may be broken in a file that is otherwise read; the record names each. */
const mostLostLines = 100;

/** The lines of a text, with numbers from 1; a list of all would take more memory than the file. */
function* numberedLines(text: string): Generator<readonly [number, string]> {
  let number = 1;
  for (let at = 0; at < text.length; number++) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? text.length : end).trim();
    at = end === -1 ? text.length : end + 1;
    if (line !== '') yield [number, line];
  }
}

/**
 * JSON Lines: each record a block, under its title where it has one. A broken line is named in `lostPages` by its number.
 * Throws CORRUPT_DOCUMENT when no line, or more than a hundred, cannot be read.
 */
export function parseJsonLines(source: string): { text: string; blocks: Block[]; lostPages: ParsedText['lostPages'] } {
  const builder = new DocumentBuilder();
  const sink = new BoundedText(builder);
  const lostPages: ParsedText['lostPages'] = [];
  let read = 0;
  for (const [number, line] of numberedLines(source.replace(/^\ufeff/, ''))) {
    try {
      writeRecord(sink, readJson(line), 1);
      read += 1;
    } catch (thrown) {
      if (!(thrown instanceof CatalystError) || thrown.code !== 'CORRUPT_DOCUMENT') throw thrown;
      lostPages.push({ page: number, failure: toFailure(new CatalystError('CORRUPT_DOCUMENT', `Line ${number} is no valid JSON and was left out.`, { cause: thrown })) });
    }
    if (lostPages.length > mostLostLines) break;
  }
  if (read === 0 || lostPages.length > mostLostLines) throw new CatalystError('CORRUPT_DOCUMENT', 'The lines of the file are no valid JSON.');
  return { ...builder.finish(), lostPages };
}
