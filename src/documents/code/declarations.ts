import { estimateTokens } from '../tables/tokens.ts';

/** Declarations of fewer tokens stay whole; of a larger one its members stand apart. */
const largestWhole = 360;
/** Neighbours with fewer tokens (imports, constants) stay together up to this. */
const smallTogether = 90;
const deepestSplit = 4;

const declaration = /^(?:export|import|from|package|module|namespace|use|using|public|private|protected|internal|static|final|abstract|sealed|open|override|async|def|class|interface|trait|struct|enum|union|impl|fn|func|fun|function|type|record|protocol|extension|object|const|let|var|val|template|typedef|pub|unsafe|extern|macro_rules!|defmodule|defp?|sub|procedure|create|alter|insert|service|message|rpc|resource|data|variable|output|provider|stage)\b/i;
/** Comments, decorators and attributes: they describe what follows. */
const describes = /^(?:\/\/|\/\*|\*|#(?![!a-z_])|--|;;|@|#?\[[\w:.]+|%)/;
/** Lines that go on with what stands before them. */
const goesOn = /^(?:[)}\]>]|\{|end\b|else\b|elif\b|elsif\b|catch\b|except\b|finally\b|rescue\b|ensure\b|then\b|do\b|done\b|fi\b|esac\b|where\b|#(?:endif|else|elif)\b|\*|\.|\||&&|\+)/;

/** Texts and comments that go over several lines; one that ends where it begins does not count. */
const longTexts = [
  { opens: /^[^"]*"""(?!.*""")/, closes: /"""/ },
  { opens: /^[^']*'''(?!.*''')/, closes: /'''/ },
  { opens: /^\s*\/\*(?!.*\*\/)/, closes: /\*\// },
];

const indentOf = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;
const isBlank = (line: string): boolean => line.trim() === '';

/** Whether something new may begin with a line that stands at the indentation of its level. */
function mayBegin(line: string, previous: string | undefined, afterBody: boolean): boolean {
  const text = line.trim();
  if (goesOn.test(text)) return false;
  return previous === undefined || isBlank(previous) || declaration.test(text) || (afterBody && describes.test(text));
}

/** Lines within texts and comments over several lines, where nothing begins. A mark that is never closed marks nothing. */
function quotedLines(lines: readonly string[]): ReadonlySet<number> {
  const quoted = new Set<number>();
  for (const { opens, closes } of longTexts) {
    let from: number | undefined;
    for (const [index, line] of lines.entries()) {
      if (from === undefined) {
        if (opens.test(line)) from = index;
      } else if (closes.test(line)) {
        for (let inside = from + 1; inside <= index; inside++) quoted.add(inside);
        from = undefined;
      }
    }
  }
  return quoted;
}

/** Indexes at which pieces of a level begin. */
function beginnings(lines: readonly string[], indent: number): number[] {
  const quoted = quotedLines(lines);
  const starts = [0];
  // Whether the piece holds more than comments and decorators so far; what they describe stays with them.
  let hasBody = false;
  for (const [index, line] of lines.entries()) {
    if (isBlank(line) || indentOf(line) !== indent || quoted.has(index)) continue;
    const previous = lines[index - 1];
    const isSeparate = hasBody || previous === undefined || isBlank(previous);
    if (index > 0 && isSeparate && mayBegin(line, previous, hasBody)) {
      starts.push(index);
      hasBody = false;
    }
    hasBody ||= !describes.test(line.trim()) && !goesOn.test(line.trim());
  }
  return starts;
}

function cut(lines: readonly string[], starts: readonly number[]): string[][] {
  return starts.map((start, index) => lines.slice(start, starts[index + 1] ?? lines.length));
}

function tokensIn(lines: readonly string[]): number {
  return estimateTokens(lines.join('\n'));
}

function joinSmall(pieces: readonly string[][]): string[][] {
  const joined: string[][] = [];
  let tokens = 0;
  for (const piece of pieces) {
    const own = tokensIn(piece);
    if (joined.length > 0 && tokens + own <= smallTogether) {
      joined.at(-1)?.push(...piece);
      tokens += own;
    } else {
      joined.push([...piece]);
      tokens = own;
    }
  }
  return joined;
}

/** The indentation of what stands within a piece: the least of its lines that is more than that of the piece. */
function innerIndent(lines: readonly string[], indent: number): number | undefined {
  const inner = lines.filter((line) => !isBlank(line)).map(indentOf).filter((own) => own > indent);
  return inner.length === 0 ? undefined : inner.reduce((least, own) => Math.min(least, own));
}

function split(lines: readonly string[], indent: number, depth: number): string[][] {
  const pieces = cut(lines, beginnings(lines, indent));
  return joinSmall(pieces.flatMap((piece) => {
    const inner = depth < deepestSplit && tokensIn(piece) > largestWhole ? innerIndent(piece, indent) : undefined;
    return inner === undefined ? [piece] : split(piece, inner, depth + 1);
  }));
}

/**
 * Cuts source code between its top-level declarations, and large ones between their members, by indentation and empty lines alone:
 * that holds for all common languages and for code that does not compile. Comments stay with what they describe; every line is kept.
 */
export function splitDeclarations(source: string): string[] {
  return split(source.split('\n'), 0, 0).map((lines) => lines.join('\n')).filter((piece) => piece.trim() !== '');
}
