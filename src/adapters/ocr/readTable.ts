import type { RecognisedWord } from '../../ports/textRecogniser.ts';

/** Columns of the program's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
const wordLevel = '5';
/** Below it, "words" are specks, frames and pictures more often than letters. */
const leastConfidence = 30;

/** Words out of the table that the program prints. */
export function readTable(table: string): RecognisedWord[] {
  const words: RecognisedWord[] = [];
  let line = 0;
  let place = '';
  for (const row of table.split('\n')) {
    const [level, page, block, paragraph, lineNumber, , left, top, width, height, confidence, text = ''] = row.split('\t');
    if (level !== wordLevel || text.trim() === '' || Number(confidence) < leastConfidence) continue;
    const found = [page, block, paragraph, lineNumber].join('/');
    if (found !== place) line += 1;
    place = found;
    words.push({ text: text.trim(), left: Number(left), top: Number(top), width: Number(width), height: Number(height), block: Number(block), line });
  }
  return words;
}
