import Papa from 'papaparse';

/** Characters that are parsed at once; records are handed on between two parts. */
const partLength = 1024 * 1024;
/** Quotes without an end that are read as ordinary characters, one line each; after so many, all quotes of the rest are. */
const mostStrayQuotes = 100;
/** Stands in for the quote where quotes are ordinary characters; it occurs in no text. */
const noQuote = '\u0001';
const delimiters = [',', '\t', ';', '|'];

/** Characters that the separator is guessed from. */
const sampleLength = 64 * 1024;

interface Part {
  readonly records: string[][];
  /** Where the next part begins. */
  readonly next: number;
  /** Where the record begins whose quote never ends. */
  readonly stray: number | undefined;
}

/** The separator that gives records of one width, looked for in the beginning. */
function guessDelimiter(source: string): string {
  const sample = source.slice(0, sampleLength);
  return Papa.parse(sample, { delimitersToGuess: delimiters, newline: '\n', preview: 50, skipEmptyLines: true }).meta.delimiter;
}

/** Records from `from` on, about a part of them; what stands after the last whole record is left for the next part. */
function readPart(text: string, from: number, length: number, delimiter: string, quoteChar: string): Part {
  const to = Math.min(text.length, from + length);
  const isLast = to === text.length;
  const records: string[][] = [];
  let next = from;
  let stray: number | undefined;
  Papa.parse<string[]>(text.slice(from, to), {
    delimiter,
    quoteChar,
    newline: '\n',
    step({ data, errors, meta }, parser) {
      const end = from + meta.cursor;
      const isOpen = errors.some(({ code }) => code === 'MissingQuotes');
      // A quote that ends within a text many lines later is the first of another cell: the one it seems to end was never meant to begin.
      const isTorn = errors.some(({ code }) => code === 'InvalidQuotes') && data.some((value) => value.includes('\n'));
      if (isTorn || (isOpen && isLast)) stray = next;
      // The last record of a part may go on behind it, unless the text ends here.
      if (isOpen || isTorn || (!isLast && end >= to)) {
        parser.abort();
        return;
      }
      records.push(data);
      next = end;
    },
  });
  return { records, next, stray };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}

/**
 * The records of separated values, whatever their separator and line ends; a first line such as `sep=;` tells the separator.
 * A quote that never ends is an ordinary character.
 */
export function* readRecords(source: string, declared?: string): Generator<string[]> {
  let text = source.replace(/\r\n?/g, '\n');
  const hint = /^\ufeff?sep=(.)\n/.exec(text);
  if (hint !== null) text = text.slice(hint[0].length);
  const delimiter = hint?.[1] ?? declared ?? guessDelimiter(text);
  let strayQuotes = 0;
  let length = partLength;
  for (let at = 0; at < text.length;) {
    const quote = strayQuotes > mostStrayQuotes ? noQuote : '"';
    const { records, next, stray } = readPart(text, at, length, delimiter, quote);
    yield* records;
    at = next;
    if (stray !== undefined) {
      strayQuotes += 1;
      const end = endOfLine(text, stray);
      yield* readPart(text.slice(stray, end).trimEnd(), 0, Infinity, delimiter, noQuote).records;
      at = end;
    }
    // A record longer than a part: the next try takes more at once.
    length = records.length === 0 && stray === undefined ? length * 2 : partLength;
  }
}
