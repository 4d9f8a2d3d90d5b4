import type { Chunk } from '../../contracts/chunks.ts';
import type { FoundCode } from '../../contracts/codes/codeSystems.ts';
import type { ParsedText } from '../../contracts/parsed.ts';
import { findCodes } from './codeReaders.ts';
import type { PlacedFoundCode } from './codeReaders.ts';

/** More than any passage of a sensible size holds. */
const maximumCodes = 500;

/**
 * Adds to each chunk the codes that stand in it, in a heading above it or in the title: "E11 Type 2 diabetes" as a heading is what
 * the whole section is about. The document is read as a whole, since what makes a code of `E11` may stand in another chunk.
 */
export function withCodes(chunks: readonly Chunk[], title: string, parsed: ParsedText): Chunk[] {
  const offset = title.length + 2;
  const found = findCodes(`${title}\n\n${parsed.text}`);
  if (found.length === 0) return [...chunks];
  const above = found.filter(({ end }) => end <= title.length);
  const inText = found.filter(({ start }) => start >= offset).map(({ start, end, ...code }) => ({ ...code, start: start - offset, end: end - offset }));
  const inHeadings = codesOfHeadings(inText, parsed);
  return chunks.map((chunk) => {
    const headings = chunk.headings.flatMap((heading) => inHeadings.get(heading) ?? []);
    const codes = unique([...above, ...headings, ...within(inText, chunk.start, chunk.end)]);
    return codes.length === 0 ? chunk : { ...chunk, codes };
  });
}

/** By the text of the heading, as the chunks carry it. */
function codesOfHeadings(found: readonly PlacedFoundCode[], { text, blocks }: ParsedText): ReadonlyMap<string, readonly PlacedFoundCode[]> {
  const byHeading = new Map<string, readonly PlacedFoundCode[]>();
  for (const { kind, start, end } of blocks) {
    if (kind !== 'heading') continue;
    const codes = within(found, start, end);
    if (codes.length > 0) byHeading.set(text.slice(start, end).replace(/\s+/g, ' '), codes);
  }
  return byHeading;
}

/** `found` is in order of place. */
function within(found: readonly PlacedFoundCode[], start: number, end: number): PlacedFoundCode[] {
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle]?.start ?? Infinity) < start) low = middle + 1;
    else high = middle;
  }
  const inside: PlacedFoundCode[] = [];
  for (let index = low; (found[index]?.start ?? Infinity) < end; index += 1) {
    const code = found[index];
    if (code !== undefined && code.end <= end) inside.push(code);
  }
  return inside;
}

function unique(found: readonly PlacedFoundCode[]): FoundCode[] {
  const codes = new Map<string, FoundCode>();
  for (const { system, code } of found) {
    if (codes.size === maximumCodes) break;
    codes.set(`${system}=${code}`, { system, code });
  }
  return [...codes.values()];
}
