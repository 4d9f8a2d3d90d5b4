import { trimSpan } from './span.ts';
import type { Span } from './span.ts';

/** Abbreviations after which a sentence goes on; Unicode's rules alone would end it there. */
const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|cf|vs|al|approx|ca|etc|Fig|Figs|Eq|No|Nos|Dr|Mr|Mrs|Ms|Prof|St|Sec|Vol|pp?|[A-Z])\.\s*$/;
/** Text is segmented in windows, so that one line of a megabyte costs no more than its share. */
const windowLength = 20_000;

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterFor(language: string | undefined): Intl.Segmenter {
  const key = language ?? 'en';
  const known = segmenters.get(key);
  if (known !== undefined) return known;
  let segmenter: Intl.Segmenter;
  try {
    segmenter = new Intl.Segmenter(key, { granularity: 'sentence' });
  } catch {
    // A document may declare a language tag that does not exist.
    segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  }
  segmenters.set(key, segmenter);
  return segmenter;
}

/** The end of the next window: at a line end or space where there is one. */
function windowEnd(text: string, start: number, end: number): number {
  if (end - start <= windowLength) return end;
  const limit = start + windowLength;
  // Looked for in the window alone: a text without line ends would be searched to its beginning for each.
  const window = text.slice(start, limit + 1);
  const space = Math.max(window.lastIndexOf('\n'), window.lastIndexOf(' '));
  return space > 0 ? start + space + 1 : limit;
}

/** Sentences of a span, trimmed; lines end sentences. */
export function* sentencesOf(text: string, { start, end }: Span, language: string | undefined): Generator<Span> {
  let open = start;
  for (let from = start; from < end;) {
    const to = windowEnd(text, from, end);
    const part = text.slice(from, to);
    for (const { index, segment } of segmenterFor(language).segment(part)) {
      const segmentEnd = from + index + segment.length;
      if (abbreviation.test(segment.slice(-12)) && !segment.endsWith('\n') && segmentEnd < to) continue;
      const sentence = trimSpan(text, { start: open, end: segmentEnd });
      if (sentence !== undefined) yield sentence;
      open = segmentEnd;
    }
    from = to;
  }
}
