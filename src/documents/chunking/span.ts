/** Part of a text by UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span without white space at its ends; undefined when nothing is left. */
export function trimSpan(text: string, { start, end }: Span): Span | undefined {
  let first = start;
  let last = end;
  while (first < last && /\s/.test(text.charAt(first))) first += 1;
  while (last > first && /\s/.test(text.charAt(last - 1))) last -= 1;
  return first === last ? undefined : { start: first, end: last };
}

/** The lines of a span that hold anything. */
export function* linesOf(text: string, { start, end }: Span): Generator<Span> {
  for (let at = start; at < end;) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd === -1 || lineEnd >= end ? end : lineEnd;
    const line = trimSpan(text, { start: at, end: next });
    if (line !== undefined) yield line;
    at = next + 1;
  }
}
